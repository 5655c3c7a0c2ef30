"""A SOCKS 5 proxy that wants a password (RFC 1928, RFC 1929): socks-proxy.py USER PASSWORD

Prints its port first; logs a line per connection: what it was asked for, and whether it let that through.
"""

from __future__ import annotations

import select
import socket
import socketserver
import sys

LOGIN = tuple(word.encode() for word in sys.argv[1:3])


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.read(1)
        methods = self.rfile.read(self.rfile.read(1)[0])
        self.request.sendall(b"\5\2" if 2 in methods else b"\5\xff")
        if 2 not in methods:
            sys.stderr.write("- no\n")
            return
        self.rfile.read(1)
        found = tuple(self.rfile.read(self.rfile.read(1)[0]) for _ in range(2))
        self.request.sendall(b"\1\0" if found == LOGIN else b"\1\1")
        if found != LOGIN:
            sys.stderr.write("- no\n")
            return
        kind = self.rfile.read(4)[3]
        host = socket.inet_ntoa(self.rfile.read(4)) if kind == 1 else self.rfile.read(self.rfile.read(1)[0]).decode()
        port = int.from_bytes(self.rfile.read(2))
        sys.stderr.write(f"{host}:{port} yes\n")
        with socket.create_connection((host, port)) as server:
            self.request.sendall(b"\5\0\0\1" + bytes(6))
            pairs = {self.request: server, server: self.request}
            while True:
                for ready in select.select(list(pairs), [], [])[0]:
                    piece = ready.recv(1 << 16)
                    if not piece:
                        return
                    pairs[ready].sendall(piece)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *arguments: object) -> None:
        """Connections that break are nothing to tell."""


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
