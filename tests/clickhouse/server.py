#!/usr/bin/env python3
"""ClickHouse's HTTP interface, as far as Qiao speaks it, over ClickHouse's own engine (libchdb) in this process.

Prints "http://127.0.0.1:PORT" when it listens. Databases live in memory or under --path. One statement at a time.
"""

import argparse
import ctypes
import http.server
import pathlib
import urllib.parse

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "build/deps/chdb/libchdb.so"
# Parameters of an address that are no settings here. What is set once for this engine's one session could not be
# unset while it is read-only.
OWN = {"query", "query_id", "database", "default_format", "wait_end_of_query", "readonly"}


class Fault(Exception):
    pass


class Engine:
    def __init__(self, library, path):
        lib = ctypes.CDLL(str(library))
        lib.chdb_connect.restype = ctypes.POINTER(ctypes.c_void_p)
        lib.chdb_connect.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
        lib.chdb_query_n.restype = ctypes.c_void_p
        lib.chdb_query_n.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
        lib.chdb_result_buffer.restype = ctypes.c_void_p
        lib.chdb_result_length.restype = ctypes.c_size_t
        lib.chdb_result_error.restype = ctypes.c_char_p
        for name in ("chdb_result_buffer", "chdb_result_length", "chdb_result_error", "chdb_destroy_query_result"):
            getattr(lib, name).argtypes = [ctypes.c_void_p]
        lib.chdb_set_signal_handlers_enabled(0)
        words = [b"clickhouse"] + ([b"--path=" + str(path).encode()] if path else [])
        self.lib = lib
        self.connection = lib.chdb_connect(len(words), (ctypes.c_char_p * len(words))(*words))

    def run(self, statement, answer_format="Null"):
        if isinstance(statement, str):
            statement = statement.encode()
        answer_format = answer_format.encode()
        result = self.lib.chdb_query_n(self.connection[0], statement, len(statement), answer_format, len(answer_format))
        try:
            error = self.lib.chdb_result_error(result)
            if error:
                raise Fault(error.decode("utf-8", "replace"))
            length = self.lib.chdb_result_length(result)
            return ctypes.string_at(self.lib.chdb_result_buffer(result), length) if length else b""
        finally:
            self.lib.chdb_destroy_query_result(result)


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if (self.headers.get("X-ClickHouse-User"), self.headers.get("X-ClickHouse-Key")) != self.server.account:
            return self.answer(403, b"Code: 516. DB::Exception: Authentication failed")
        try:
            self.answer(200, self.run(parameters, body))
        except Fault as fault:
            self.answer(500, str(fault).encode())

    def run(self, parameters, body):
        engine = self.server.engine
        settings = {"insert_deduplication_token": "", **{k: v for k, v in parameters.items() if k not in OWN}}
        for name, value in settings.items():
            engine.run(f"SET {name} = {quoted(value)}")
        engine.run("USE " + parameters.get("database", "default"))
        statement = (parameters["query"].encode() + b" " if "query" in parameters else b"") + body
        return engine.run(statement, parameters.get("default_format", "TabSeparated"))

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--path", help="where databases are kept; default: in memory")
    parser.add_argument("--user", default="qiao")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--library", default=LIBRARY)
    options = parser.parse_args()
    server = http.server.HTTPServer(("127.0.0.1", options.port), Handler)
    server.engine = Engine(options.library, options.path)
    server.account = (options.user, options.password)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
