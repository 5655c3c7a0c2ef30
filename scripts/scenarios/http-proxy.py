#!/usr/bin/env python3
"""A proxy that wants a password, for `CONNECT` and plain requests: http-proxy.py USER PASSWORD

Prints its port first; logs a line per request: method, target, status.
"""

from __future__ import annotations

import base64
import select
import socket
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOGIN = "Basic " + base64.b64encode(":".join(sys.argv[1:3]).encode()).decode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:  # noqa: N802 (the name that http.server calls)
        if not self._is_known():
            return
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as server:
            self.send_response(200)
            self.end_headers()
            pairs = {self.connection: server, server: self.connection}
            while True:
                for ready in select.select(list(pairs), [], [])[0]:
                    piece = ready.recv(1 << 16)
                    if not piece:
                        self.close_connection = True
                        return
                    pairs[ready].sendall(piece)

    def do_GET(self) -> None:  # noqa: N802
        if not self._is_known():
            return
        request = urllib.request.Request(self.path, headers={"Range": self.headers["Range"]} if "Range" in self.headers else {})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request) as answer:
                self._answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            self._answer(error.code, b"")

    def _is_known(self) -> bool:
        if self.headers.get("Proxy-Authorization") == LOGIN:
            return True
        self._answer(407, b"", **{"Proxy-Authenticate": 'Basic realm="proxy"'})
        return False

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        sys.stderr.write(f"{self.command} {self.path} {int(code)}\n")

    def log_message(self, *arguments: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
