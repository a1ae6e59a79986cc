"""Sends test messages through every kind of channel of a running server to peers that speak the protocols.

usage: run.py BINARY"""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "..", "peers")
sys.path.insert(0, os.path.join(HERE, "..", "cases"))
from server import Server  # noqa: E402


class Peer:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PEERS)
        self.about = json.loads(self.process.stdout.readline())
        self.port = self.about["port"]

    def taken(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.about['ask']}/", timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Api:
    def __init__(self, server):
        self.server = server
        self.headers = {"Authorization": "Bearer " + server.token("administrator"), "Content-Type": "application/json"}

    def call(self, method, path, body=None, status=200):
        answer = self.server.call(method, path, self.headers, json.dumps(body) if body is not None else None)
        expect(answer.status == status, f"{method} {path}: {answer.status} {answer.text()}")
        return json.loads(answer.body) if answer.body else None

    def channel(self, kind, settings):
        made = self.call("POST", "/api/v1/channels", {"kind": kind, "name": kind, "settings": settings}, 201)
        expect("hunter2" not in json.dumps(made), "a secret was given out")
        return made["id"]

    def test(self, channel, to=""):
        return self.call("POST", f"/api/v1/channels/{channel}/test", {"to": to})


def expect(holds, what):
    if not holds:
        raise AssertionError(what)


def outcome(api, channel, to, wanted):
    got = api.test(channel, to)
    expect(got["outcome"] == wanted, f"to {to!r}: {got}, wanted {wanted}")
    return got


def test_email(api):
    sink = Peer(sys.executable, "smtp_sink.py")
    try:
        mail = api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none",
                                     "from": "Bank <no-reply@bank.example>", "unsubscribe": "https://bank.example/u"})
        sent = outcome(api, mail, "ana@example.com", "accepted")
        text = sink.taken()[0]["text"]
        for part in ("X-Qiao-Send-Key: " + sent["send_key"], "Message-ID: " + sent["provider_message_id"],
                     "List-Unsubscribe: <https://bank.example/u>", "multipart/alternative", "text/html"):
            expect(part in text, f"{part!r} is missing in the e-mail")
        outcome(api, mail, "reject-1@example.com", "refused")
        outcome(api, mail, "later-1@example.com", "not_sent")
        outcome(api, mail, "refuse-1@example.com", "refused")
        outcome(api, mail, "drop-1@example.com", "unknown")
        outcome(api, mail, "slow-1@example.com", "unknown")
        outcome(api, mail, "a@b>\r\nRCPT TO:<c@d", "refused")
        secure = api.channel("email", {"host": "127.0.0.1", "port": sink.port, "from": "a@bank.example"})
        outcome(api, secure, "ana@example.com", "not_sent")
        expect(len(sink.taken()) == 1, "only the first e-mail was to be taken")
    finally:
        sink.stop()


def test_webhook(api):
    peer = Peer(sys.executable, "http_receiver.py")
    try:
        address = f"http://127.0.0.1:{peer.port}"
        hook = api.channel("webhook", {"url": address + "/hook", "secret": "hunter2"})
        sent = outcome(api, hook, "", "accepted")
        got = peer.taken()[0]
        expect(got["headers"]["idempotency-key"] == sent["send_key"], "the idempotency key is not the send key")
        parts = dict(part.split("=") for part in got["headers"]["x-qiao-signature"].split(","))
        signed = hmac.new(b"hunter2", f"{parts['t']}.{got['body']}".encode(), hashlib.sha256).hexdigest()
        expect(parts["v1"] == signed, "the signature does not hold")
        for path, wanted in (("/status/400", "refused"), ("/status/429", "not_sent"), ("/status/503", "not_sent"),
                             ("/drop", "unknown")):
            api.call("PATCH", f"/api/v1/channels/{hook}", {"settings": {"url": address + path}})
            outcome(api, hook, "", wanted)
    finally:
        peer.stop()


def test_sms(api):
    if not os.path.isdir(os.path.join(PEERS, "node_modules", "smpp")):
        subprocess.run(["npm", "ci", "--silent"], cwd=PEERS, check=True)
    centre = Peer("node", "smpp_centre.mjs")
    try:
        sms = api.channel("sms", {"host": "127.0.0.1", "port": centre.port, "system_id": "bank", "password": "hunter2",
                                  "source": "95588"})
        sent = outcome(api, sms, "+8613800000000", "accepted")
        got = centre.taken()
        expect(got and got[0]["to"] == "8613800000000", f"the SMS centre got {got}")
        expect("测试短信" in got[0]["text"], "the Chinese text was damaged")
        expect(sent["provider_message_id"], "the SMS centre's id is missing")
        outcome(api, sms, "+8600000000001", "not_sent")   # throttled
        outcome(api, sms, "+8600000000002", "refused")    # no such number
        outcome(api, sms, "+8600000000003", "unknown")    # the connection ends without an answer
    finally:
        centre.stop()


def main():
    server = Server(sys.argv[1])
    try:
        api = Api(server)
        expect(any(c["name"] == "手机银行站内信 / App inbox" for c in api.call("GET", "/api/v1/channels")["items"]), "no first inbox")
        for test in (test_email, test_webhook, test_sms):
            test(api)
            print("ok  ", test.__name__, flush=True)
    finally:
        server.stop()


main()
