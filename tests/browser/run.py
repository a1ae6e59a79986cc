#!/usr/bin/env python3
"""Starts a server with a small demo bank and people of every role, then runs the browser tests on it.

`tests/browser/run.py BINARY [CONSOLE_DIR]`. The exit code is that of the tests.
"""

import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
PEOPLE = {"zhoumin": ("周敏", "operator"), "chenhao": ("陈浩", "approver"), "viewer": ("访客", "viewer"),
          "hejing": ("何静", "branch"), "sunwei": ("孙伟", "analyst")}
DEMO_CUSTOMERS = 600


class DemoServer:
    def __init__(self, binary, console):
        self.binary = binary
        self.directory = tempfile.mkdtemp(prefix="qiao-browser-")
        self.is_ready = threading.Event()
        self.address = None
        self.process = subprocess.Popen(
            [binary, "--data-dir", self.directory, "--port", "0", "--web-dir", console,
             "--demo-customers", str(DEMO_CUSTOMERS)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self.read, daemon=True).start()
        if not self.is_ready.wait(120):
            raise SystemExit("the demo bank was not ready within two minutes")

    def read(self):
        for line in self.process.stdout:
            found = re.search(r"http://(localhost:\d+)", line)
            if found and not self.address:
                self.address = found[1]
            if "demo bank is ready" in line:
                self.is_ready.set()

    def tool(self, *words):
        done = subprocess.run([self.binary, *words, "--data-dir", self.directory], capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[-1]

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.address.replace("localhost", "127.0.0.1"), timeout=60)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else None, answer.headers

    def add_person(self, login, name, role):
        """Takes the one-time link as the person would, and sets a password."""
        return self.set_password(self.tool("person", "create", "--login", login, "--name", name, "--role", role))

    def take_over(self, login):
        return self.set_password(self.tool("person", "reset", "--login", login))

    def set_password(self, link):
        password = secrets.token_urlsafe(18)
        session, headers = self.call("POST", "/api/v1/session", {"link_token": link.split("link=")[1]})
        cookie = headers["Set-Cookie"].split(";")[0]
        self.call("PATCH", "/api/v1/session", {"password": {"old": "", "new": password}},
                  {"Cookie": cookie, "X-CSRF-Token": session["csrf_token"]})
        return password

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.directory, ignore_errors=True)


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    console = sys.argv[2] if len(sys.argv) > 2 else str(HERE.parent.parent / "web/console/dist")
    server = DemoServer(binary, console)
    try:
        passwords = {login: server.add_person(login, *person) for login, person in PEOPLE.items()}
        passwords["admin"] = server.take_over("admin")
        people = ",".join(f"{login}={password}" for login, password in passwords.items())
        environment = {**os.environ, "QIAO_URL": "http://" + server.address, "QIAO_PEOPLE": people}
        command = sys.argv[3:] or ["npm", "test", "--silent"]
        return subprocess.run(command, cwd=HERE, env=environment, check=False).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
