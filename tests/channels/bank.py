"""A bank on a running server for the tests of channels: peers, customers, campaigns and what became of them."""

import datetime
import hashlib
import hmac
import json
import os
import subprocess
import time
import urllib.request

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")
ADDRESS = "https://bank.example"  # where the customers would reach the server


class Peer:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PEERS)
        self.about = json.loads(self.process.stdout.readline())
        self.port = self.about["port"]

    def taken(self, path="/"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.about['ask']}{path}", timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def sms_centre(*port):
    if not os.path.isdir(os.path.join(PEERS, "node_modules", "smpp")):
        subprocess.run(["npm", "ci", "--silent"], cwd=PEERS, check=True)
    return Peer("node", "smpp_centre.mjs", *port)


def expect(holds, what):
    if not holds:
        raise AssertionError(what)


def eventually(seconds, what, ask):
    """Asks until the answer is true; gives it."""
    until = time.monotonic() + seconds
    while not (answer := ask()):
        expect(time.monotonic() < until, f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.1)
    return answer


class Api:
    def __init__(self, server, role="administrator"):
        self.server = server
        self.headers = {"Authorization": "Bearer " + server.token(role), "Content-Type": "application/json"}

    def call(self, method, path, body=None, status=200):
        answer = self.server.call(method, path, self.headers, json.dumps(body) if body is not None else None)
        expect(answer.status == status, f"{method} {path}: {answer.status} {answer.text()}")
        return json.loads(answer.body) if answer.body else None

    def channel(self, kind, settings, name=None, **more):
        made = self.call("POST", "/api/v1/channels", {"kind": kind, "name": name or kind, "settings": settings, **more}, 201)
        expect("hunter2" not in json.dumps(made), "a secret was given out")
        return made["id"]

    def test(self, channel, to=""):
        return self.call("POST", f"/api/v1/channels/{channel}/test", {"to": to})

    def change(self, channel, **change):
        return self.call("PATCH", f"/api/v1/channels/{channel}", change)

    def health(self, channel):
        return self.call("GET", f"/api/v1/channels/{channel}")["health"]


class Bank:
    """Customers who allow all channels, no quiet hours; campaigns go through two people."""

    def __init__(self, server, caps=()):
        self.server = server
        self.api, self.author, self.approver = (Api(server, role) for role in ("administrator", "operator", "approver"))
        self.api.call("PUT", "/api/v1/contact-policy", {"caps": list(caps), "quiet_hours": None, "holdout_share": 0})
        self.api.call("PATCH", "/api/v1/settings", {"public_address": ADDRESS})
        self.ids = {}

    def admit(self, people):
        """`people`: {"user_id","name","group","email"?,"phone"?,"refuses"?}; waits until audiences see them."""
        batch, consents = [], []
        for person in people:
            user = person["user_id"]
            traits = {key: value for key, value in person.items() if key not in ("user_id", "refuses")}
            batch.append({"type": "identify", "userId": user, "messageId": f"i-{user}", "traits": traits})
            consents += [{"specversion": "1.0", "id": f"c-{user}-{channel}", "source": "core", "type": "$consent",
                          "data": {"user_id": user, "purpose": "marketing", "channel": channel, "granted": True}}
                         for channel in ("email", "sms", "webhook") if not person.get("refuses")]
        self.collect("/v1/batch", {"batch": batch, "writeKey": self.server.write_key}, "application/json")
        self.collect("/v1/events", consents, "application/cloudevents-batch+json")
        groups = {person["group"] for person in people}
        for group in groups:
            self.api.call("POST", "/api/v1/audiences/preview", {"rule": self.rule(group), "fresh": True})

    def collect(self, path, body, content_type):
        answer = self.server.call("POST", path, {"Content-Type": content_type, "X-Write-Key": self.server.write_key},
                                  json.dumps(body))
        expect(answer.status == 200, f"{path}: {answer.status} {answer.text()}")

    @staticmethod
    def rule(group):
        """Who is in the group, or in one of several."""
        return {"tag": "group", "op": "in", "value": [group] if isinstance(group, str) else group}

    def launch(self, *of):
        campaign = self.approved(*of)
        self.author.call("POST", f"/api/v1/campaigns/{campaign}/launch")
        return campaign

    def approved(self, name, group, kind, provider, message):
        """Written, submitted, approved by a second person."""
        made = self.author.call("POST", "/api/v1/campaigns", {
            "name": name, "audience": {"rule": self.rule(group)}, "channel": kind, "provider": provider,
            "message": message, "control_share": 0, "schedule": {"kind": "now"}}, 201)
        path = f"/api/v1/campaigns/{made['id']}/"
        self.author.call("POST", path + "submit")
        self.author.call("POST", path + "approve", status=403)
        self.approver.call("POST", path + "approve")
        return made["id"]

    def report(self, campaign):
        return self.author.call("GET", f"/api/v1/campaigns/{campaign}/report")

    def wait_report(self, campaign, seconds=15, **wanted):
        """Waits until the report holds these numbers."""
        def pick(report):
            return {name: report[name] for name in wanted}
        eventually(seconds, lambda: f"{pick(self.report(campaign))}, wanted {wanted}",
                   lambda: pick(self.report(campaign)) == wanted)

    def customer(self, user):
        if user not in self.ids:
            found = self.api.call("POST", "/api/v1/customers/search", {"text": user})["items"]
            self.ids[user] = found[0]["customer"]
        return self.ids[user]

    def timeline(self, user, campaign):
        """What happened to the user's message of this campaign: {"accepted": reason or "", …}."""
        items = self.api.call("GET", f"/api/v1/customers/{self.customer(user)}/timeline?limit=200")["items"]
        return {item["event"].removeprefix("$message_"): item["properties"].get("reason", "") for item in items
                if item["event"].startswith("$message_") and item["properties"].get("campaign") == campaign}

    def wait_timeline(self, user, campaign, seconds=15, **wanted):
        eventually(seconds, lambda: f"{user}: {self.timeline(user, campaign)}, wanted {wanted}",
                   lambda: self.timeline(user, campaign) == wanted)

    def consents(self, user):
        shown = self.api.call("GET", f"/api/v1/customers/{self.customer(user)}")["consents"]
        return {one["channel"]: one["granted"] for one in shown}

    def advance(self, by):
        """Moves the server's clock, which stands still otherwise; gives its time in seconds since 1970."""
        now = self.api.call("POST", "/test/advance", {"by": by})["now"]
        return int(datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp())

    def visit(self, url, method="GET", body=None):
        """As a customer who follows a link of a message."""
        expect(url.startswith(ADDRESS + "/"), f"{url} does not lead to the bank")
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        return self.server.call(method, url[len(ADDRESS):], headers, body)


def signed(secret, seconds, body):
    digest = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Qiao-Signature": f"t={seconds},v1={digest}", "Content-Type": "application/json"}
