"""A gate before ClickHouse's HTTP interface: it lets everything through, or holds a chosen statement.

What is held is never passed on: whoever sent it can be killed at that very moment.
"""

import http.client
import http.server
import threading
import urllib.parse

ANSWER_LIMIT_S = 120


class Gate:
    def __init__(self, host, port):
        self.upstream = (host, port)
        self.lock = threading.Lock()
        self.words, self.left = None, 0
        self.held = threading.Event()
        self.opened = threading.Event()
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if gate.holds(urllib.parse.unquote(self.path).encode() + b" " + body):
                    gate.held.set()
                    gate.opened.wait(ANSWER_LIMIT_S)
                    self.close_connection = True
                    return
                self.pass_on(body)

            def pass_on(self, body):
                connection = http.client.HTTPConnection(*gate.upstream, timeout=ANSWER_LIMIT_S)
                headers = {name: value for name, value in self.headers.items() if name.startswith("X-ClickHouse")}
                try:
                    connection.request("POST", self.path, body, headers)
                    answer = connection.getresponse()
                    content = answer.read()
                    self.send_response(answer.status)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True
                finally:
                    connection.close()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self, words, nth=1):
        """From now on the `nth` statement with these words waits, and all like it after."""
        with self.lock:
            self.words, self.left = words.encode(), nth
        self.held.clear()
        self.opened.clear()

    def holds(self, request):
        with self.lock:
            if not self.words or self.words not in request:
                return False
            self.left -= 1
            return self.left <= 0

    def wait_held(self, limit_s=60):
        return self.held.wait(limit_s)

    def open(self):
        """Drops what is held, and lets everything through again."""
        with self.lock:
            self.words = None
        self.opened.set()

    def close(self):
        self.open()
        self.server.shutdown()
        self.server.server_close()
