#!/usr/bin/env python3
"""Serves a folder as a difficult server does: http-server.py FOLDER [OPTIONS]

Prints its port first; logs a line per request: method, path, `Range`, whether there was an `Authorization`, and what the
client's certificate says.
"""

from __future__ import annotations

import argparse
import gzip
import socket
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("folder", type=Path)
options.add_argument("--certificate", help="speak TLS with this certificate and key (PEM)")
options.add_argument("--client-authority", help="and only with clients that this authority has signed")
options.add_argument("--gzip", action="store_true", help="compress every answer, asked or not")
options.add_argument("--reset", type=int, default=0, metavar="N", help="reset the connection in the middle of N archives")
options.add_argument("--pause", type=float, default=0, metavar="SECONDS", help="wait before each answer")
options.add_argument("--trickle", type=float, default=0, metavar="SECONDS", help="and before each 64 KiB of an archive")
options.add_argument("--redirect", metavar="URL", help="send everybody there")
chosen = options.parse_args()
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        certificate = self.connection.getpeercert() if chosen.client_authority else None
        words = (self.command, self.path, self.headers.get("Range", "-"), "login" if "Authorization" in self.headers else "-",
                 certificate["subject"][0][0][1] if certificate else "-")
        # In one piece: requests come side by side.
        sys.stderr.write(" ".join(words) + "\n")
        time.sleep(chosen.pause)
        if chosen.redirect:
            self._answer(302, b"", Location=chosen.redirect + self.path)
            return
        file = chosen.folder / unquote(self.path.partition("?")[0]).lstrip("/")
        if ".." in file.parts or not file.is_file():
            self._answer(404, b"")
            return
        body = file.read_bytes()
        if chosen.gzip:
            self._answer(200, gzip.compress(body, 1), **{"Content-Encoding": "gzip"})
            return
        self._send_range(body, is_archive=file.suffix in (".conda", ".bz2"))

    def _send_range(self, body: bytes, is_archive: bool) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        place = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        self._answer(206 if start else 200, body[start:], cut=is_archive and self._cuts(), slow=is_archive, ETag='"1"', **place)

    def _cuts(self) -> bool:
        with lock:
            chosen.reset -= 1
            return chosen.reset >= 0

    def _answer(self, status: int, body: bytes, cut: bool = False, slow: bool = False, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            # With nothing to linger for, closing is a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        for begin in range(0, len(body), 1 << 16):
            if slow:
                time.sleep(chosen.trickle)
            self.wfile.write(body[begin : begin + (1 << 16)])

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def shutdown_request(self, request: socket.socket) -> None:
        # Closed at once, what the client has sent and nobody read would reset the connection before it knows why.
        if chosen.client_authority:
            time.sleep(0.2)
        super().shutdown_request(request)

    def handle_error(self, *arguments: object) -> None:
        """Connections that break are what it is for."""


server = Server(("127.0.0.1", 0), Handler)
if chosen.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chosen.certificate)
    if chosen.client_authority:
        context.load_verify_locations(chosen.client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    # The handshake is the connection's own, so that one that fails holds up nobody.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_port, flush=True)
server.serve_forever()
