"""An HTTP server that keeps the POSTs it gets and gives them as JSON to GET; prints its port.

POST /status/503 answers that status; POST /drop ends the connection without an answer."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

taken = []


class Receiver(BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        taken.append({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body})
        if self.path == "/drop":
            self.close_connection = True
            return
        self.answer(int(self.path.rsplit("/", 1)[1]) if self.path.startswith("/status/") else 200)

    def do_GET(self):
        self.answer(200, json.dumps(taken).encode())

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(json.dumps({"port": server.server_port, "ask": server.server_port}), flush=True)
server.serve_forever()
