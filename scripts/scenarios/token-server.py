"""Serves a channel to those who know a token, as anaconda.org does: token-server.py CHANNEL TOKEN

The channel is at /t/TOKEN/chan; without the token the answer is 403. Prints its port first.
"""

import http.server
import sys

channel, token = sys.argv[1:]


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        head = f"/t/{token}/chan/"
        if not self.path.startswith(head):
            self.send_error(403)
            return
        self.path = "/" + self.path[len(head):]
        super().do_GET()

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=channel))
print(server.server_address[1], flush=True)
server.serve_forever()
