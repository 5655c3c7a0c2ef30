#!/usr/bin/env python3
"""Serves a folder over TLS with HTTP/2: http2-server.py FOLDER CERTIFICATE

Prints its port first; logs a line per request: HTTP version, port of the client (one per connection), path.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from urllib.parse import unquote

from hypercorn.asyncio import serve
from hypercorn.config import Config

FOLDER = Path(sys.argv[1])


async def application(scope, receive, send) -> None:
    if scope["type"] != "http":
        return
    sys.stderr.write(f"{scope['http_version']} {scope['client'][1]} {scope['path']}\n")
    file = FOLDER / unquote(scope["path"]).lstrip("/")
    found = ".." not in file.parts and file.is_file()
    body = file.read_bytes() if found else b""
    await asyncio.sleep(0.05)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
config = Config()
config.bind = [f"fd://{listener.fileno()}"]
config.certfile = config.keyfile = sys.argv[2]
config.errorlog = None
asyncio.run(serve(application, config))
