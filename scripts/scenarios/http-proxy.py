#!/usr/bin/env python3
"""A proxy that wants a password, for `CONNECT` and plain requests: http-proxy.py USER PASSWORD [digest]

It takes Basic authentication (RFC 7617), or Digest (RFC 7616, with SHA-256) alone.

Prints its port first; logs a line per request: method, target, status.
"""

from __future__ import annotations

import base64
import hashlib
import re
import select
import socket
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USER, PASSWORD = sys.argv[1:3]
LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
DIGEST = sys.argv[3:] == ["digest"]
CHALLENGE = 'Digest realm="proxy", nonce="once", qop="auth", algorithm=SHA-256' if DIGEST else 'Basic realm="proxy"'


def _sha256(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


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
        said = self.headers.get("Proxy-Authorization", "")
        if self._is_digest(said) if DIGEST else said == LOGIN:
            return True
        self._answer(407, b"", **{"Proxy-Authenticate": CHALLENGE})
        return False

    def _is_digest(self, said: str) -> bool:
        """Whether it is the answer to our challenge, of somebody who knows the password."""
        field = {name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', said)}
        if not said.startswith("Digest ") or field.get("username") != USER:
            return False
        secret, request = _sha256(USER, "proxy", PASSWORD), _sha256(self.command, field["uri"])
        return field.get("response") == _sha256(secret, "once", field["nc"], field["cnonce"], "auth", request)

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
