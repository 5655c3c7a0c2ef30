#!/usr/bin/env python3
"""A repository server of the simplest kind: keeps what it is sent with PUT by who knows the password.

    put-server.py FOLDER USER PASSWORD       prints its port, then serves on the loopback until it is ended
"""

from __future__ import annotations

import base64
import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1])
AUTHORIZATION = "Basic " + base64.b64encode(f"{sys.argv[2]}:{sys.argv[3]}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:  # noqa: N802 (the name that http.server calls)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != AUTHORIZATION:
            self._answer(401)
        elif self.headers.get("X-Checksum-Sha256") != hashlib.sha256(body).hexdigest():
            self._answer(409)
        else:
            (FOLDER / Path(self.path).name).write_bytes(body)
            self._answer(201)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
