#!/usr/bin/env python3
"""A repository server of the simplest kind: keeps what it is sent with PUT by who knows the password, and gives it back.

    put-server.py FOLDER USER PASSWORD [STATUS]

Prints its port, then serves FOLDER as /repo/ on the loopback until it is ended; with STATUS it answers that to GET and
HEAD.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

FOLDER = Path(sys.argv[1])
AUTHORIZATION = "Basic " + base64.b64encode(f"{sys.argv[2]}:{sys.argv[3]}".encode()).decode()
STATUS = int(sys.argv[4]) if len(sys.argv) > 4 else None


class Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:  # noqa: N802 (the name that http.server calls)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != AUTHORIZATION:
            self._answer(401)
        elif self.headers.get("X-Checksum-Sha256") != hashlib.sha256(body).hexdigest():
            self._answer(409)
        else:
            self._file().write_bytes(body)
            self._answer(201)

    def do_GET(self) -> None:  # noqa: N802
        if self.headers.get("Authorization") != AUTHORIZATION:
            self._answer(401)
        elif STATUS:
            self._answer(STATUS)
        elif not self._file().is_file():
            self._answer(404)
        else:
            self._answer(200, self._file().read_bytes())

    do_HEAD = do_GET  # noqa: N815

    def _file(self) -> Path:
        parts = [part for part in unquote(self.path).removeprefix("/repo/").split("/") if part not in ("", "..")]
        return FOLDER.joinpath(*parts)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, text: str, *values: object) -> None:
        print(text % values, file=sys.stderr, flush=True)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
