"""A bank with some facts, moved from DuckDB to ClickHouse, back, and there again, with kill -9 on the way; and backed up.

What ClickHouse answers must be what the index answers: also by tag, identity and consent, within a branch, and in a
league, all of which a file of DuckDB does not keep.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

from gate import Gate
from server import ScratchHistory, Server

SEPTEMBER = {"from": "2026-09-01", "to": "2026-10-01"}
PAYMENTS = {"event": "pay", "measure": "count", "per": "total", **SEPTEMBER}
FUNNEL = {"steps": [{"event": "view"}, {"event": "pay"}], "window": "7d", **SEPTEMBER}
GOLD = {"tag": "level", "op": "eq", "value": "gold"}
BRANCH = "branch of 33"


class Moving:
    def __init__(self, binary, url):
        self.binary = binary
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self.gate = Gate(parts.hostname, parts.port)
        self.history = ScratchHistory(url)
        account = parts.netloc.rpartition("@")[0]
        self.gated = copy.copy(self.history)  # the same database, through the gate
        self.gated.url = parts._replace(netloc=(account and account + "@") + self.gate.address,
                                        path="/" + self.history.name).geturl()
        self.scratch = tempfile.mkdtemp(prefix="qiao-move-")
        self.product = None

    def run(self):
        server = Server(self.binary)
        self.file = server.directory + "/history.duckdb"
        try:
            self.fill(server)
            timeline, wanted = self.timeline(server), self.answers(server)
            self.stop(server)
            self.move_there()
            self.tell_traits(server, wanted)
            self.change_meanwhile(server, wanted)
            self.start_on_others(server)
            self.expect(self.timeline(server) == timeline, "the timeline in ClickHouse")
            self.compare(server, "after the changes that came meanwhile")
            self.move_back(server, timeline)
            self.move_again(server)
            self.back_up(server)
        finally:
            self.gate.close()
            problem = server.stop()
            self.history.drop()
            shutil.rmtree(self.scratch)
        self.expect(not problem, problem)

    # ---- the bank ----

    def fill(self, server):
        for code, name, kind, parent in (("00", "Bank", "head", None), ("33", "Zhejiang", "branch", "00"),
                                         ("32", "Jiangsu", "branch", "00")):
            self.api(server, "POST", "/api/v1/orgs",
                     {"code": code, "name": name, "kind": kind, **({"parent": parent} if parent else {})})
        events = [("view", "2026-09-28T10:00:00+08:00", {"anonymousId": "v-1"}),
                  ("view", "2026-09-29T10:00:00+08:00", {"anonymousId": "v-1"}),
                  ("login", "2026-09-30T10:00:00+08:00", {"anonymousId": "v-1", "userId": "u-1"}),
                  ("pay", "2026-09-30T11:00:00+08:00", {"userId": "u-1"}),
                  ("view", "2026-09-29T11:00:00+08:00", {"userId": "u-2"}),
                  ("pay", "2026-09-30T12:00:00+08:00", {"userId": "u-2"}),
                  ("pay", "2026-09-30T13:00:00+08:00", {"userId": "u-3"}),
                  ("pay", "2026-09-30T14:00:00+08:00", {"userId": "u-4"})]
        batch = [{"type": "track", "event": name, "timestamp": time, "messageId": f"m{i}", **ids,
                  "properties": {"amount": i + 0.5, "note": "it's \"so\""}} for i, (name, time, ids) in enumerate(events)]
        traits = {"u-1": {"level": "gold", "org": "33"}, "u-2": {"level": "gold", "org": "32"},
                  "u-3": {"level": "plain", "org": "33"}, "u-4": {"level": "gold", "org": "33"}}
        batch += [self.identify(user, tags, f"i-{user}") for user, tags in traits.items()]
        self.send(server, batch)
        self.fresh(server)
        self.consent(server, "u-1", True)
        self.consent(server, "u-3", True)
        self.api(server, "POST", f"/api/v1/customers/{self.customer(server, 'u-4')}/erase", {"why": "asked for it"})
        made = self.api(server, "POST", "/api/v1/products",
                        {"kind": "product", "name_zh": "支付", "name_en": "Payments", "uses": [{"event": "pay"}],
                         "transactions": [{"event": "pay"}], "value": "amount"})
        self.product = made["id"]
        self.fresh(server)
        # What history and index have leaves the feed: no history can be fed from its beginning any more.
        self.advance(server)

    def change(self, server):
        """What comes while ClickHouse is being told: a new value, one that goes, a consent withdrawn, a new customer."""
        self.send(server, [self.identify("u-2", {"level": "silver"}, "j-2"), self.identify("u-5", {"level": "gold", "org": "33"}, "j-5"),
                           {"type": "track", "event": "pay", "timestamp": "2026-09-30T15:00:00+08:00", "messageId": "m-5", "userId": "u-5",
                            "properties": {"amount": 7}}])
        self.consent(server, "u-3", False)
        self.api(server, "DELETE", f"/api/v1/customers/{self.customer(server, 'u-3')}/tags/level?why=wrong")

    @staticmethod
    def identify(user, tags, message):
        return {"type": "identify", "userId": user, "messageId": message, "timestamp": "2026-09-20T10:00:00+08:00", "traits": tags}

    def send(self, server, batch):
        answer = server.call("POST", "/v1/batch", {"Content-Type": "application/json"},
                             json.dumps({"writeKey": server.write_key, "batch": batch}))
        self.expect(answer.status == 200, answer.text())

    def consent(self, server, user, granted):
        self.api(server, "PUT", f"/api/v1/customers/{self.customer(server, user)}/consents",
                 {"purpose": "marketing", "channel": "sms", "granted": granted, "source": "branch"})

    def customer(self, server, user):
        return self.api(server, "POST", "/api/v1/customers/search", {"identity": {"user_id": user}})["items"][0]["customer"]

    def advance(self, server):
        """Past the work of every minute."""
        self.api(server, "POST", "/test/advance", {"by": "5m"})

    # ---- questions ----

    @staticmethod
    def questions(product):
        """Path, body, and who asks."""
        everyone = "administrator"
        return [("metric", PAYMENTS, everyone), ("funnel", FUNNEL, everyone),
                ("metric", {**PAYMENTS, "audience": GOLD}, everyone),
                ("funnel", {**FUNNEL, "audience": GOLD}, everyone),
                ("metric", {**PAYMENTS, "audience": {"tag": "level", "op": "missing"}}, everyone),
                ("metric", {**PAYMENTS, "by": ["tag:level"]}, everyone),
                ("funnel", {**FUNNEL, "by": ["tag:level"]}, everyone),
                ("metric", {**PAYMENTS, "audience": {"identity": "anonymous_id", "op": "exists"}}, everyone),
                ("metric", {**PAYMENTS, "audience": {"consent": "marketing.sms"}}, everyone),
                ("metric", {**PAYMENTS, "audience": {"not": {"consent": "marketing.sms"}}}, everyone),
                ("metric", PAYMENTS, BRANCH), ("funnel", {**FUNNEL, "by": ["tag:level"]}, BRANCH),
                ("league", {"product": product, "per": "month", "at": "2026-09-15", "units": "branch"}, everyone),
                ("league", {"product": product, "per": "month", "at": "2026-09-15", "units": "branch"}, BRANCH)]

    def answers(self, server):
        self.fresh(server)
        made = []
        for kind, question, who in self.questions(self.product):
            answer = self.api(server, "POST", "/api/v1/insights/" + kind, question, who=who)
            made.append({name: value for name, value in answer.items() if name not in ("elapsed_ms", "data_version")})
        return made

    def compare(self, server, when):
        """ClickHouse's answers with those of the index, on the same data; leaves the server on ClickHouse."""
        of_history = self.answers(server)
        self.stop(server)
        self.start(server, self.history, asks_history=False)
        of_index = self.answers(server)
        self.stop(server)
        self.start(server, self.history, asks_history=True)
        for (kind, question, who), found, wanted in zip(self.questions(self.product), of_history, of_index):
            self.expect(found == wanted, f"{when}: {kind} {json.dumps(question)} for {who}:\n  {found}\n  {wanted}")
        return of_history

    def fresh(self, server):
        self.api(server, "POST", "/api/v1/audiences/preview", {"rule": {"all": []}, "fresh": True})

    def timeline(self, server):
        """What happened, once history has all four events; it follows behind."""
        deadline = time.monotonic() + 20
        while True:
            items = self.api(server, "GET", f"/api/v1/customers/{self.customer(server, 'u-1')}/timeline")["items"]
            own = [(item["event"], item["at"], item.get("properties")) for item in items
                   if not item["event"].startswith("$")]
            if len(own) == 4:
                return own
            self.expect(time.monotonic() < deadline, f"history has {own}")
            time.sleep(0.2)

    # ---- moves ----

    def move_there(self):
        self.kill_move("INSERT INTO events", 2)
        self.expect("history.unfinished_move" in self.refusal(self.file_directory(), self.history.url), "half a copy is started on")
        self.kill_move("INSERT INTO positions", 1)
        self.expect("history.unfinished_move" in self.refusal(self.file_directory(), self.history.url), "a copy without positions is started on")
        self.expect(" 0 days were copied now" in self.move(self.file, self.history.url), "days were there")
        self.damage()
        again = self.move(self.file, self.history.url)
        self.expect(" 1 days were copied now" in again, again)

    def file_directory(self):
        return self.file.rpartition("/")[0]

    def kill_move(self, words, nth):
        """Kills a move -9 where it is about to send this statement."""
        self.gate.hold(words, nth)
        process = subprocess.Popen([self.binary, "move-history", "--from", self.file, "--to", self.gated.url],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.expect(self.gate.wait_held(), f"the move does not come to {words}")
        process.kill()
        process.communicate()
        self.gate.open()

    def move(self, source, target):
        done = subprocess.run([self.binary, "move-history", "--from", source, "--to", target],
                              capture_output=True, text=True, timeout=120)
        self.expect(done.returncode == 0, done.stderr)
        return done.stdout

    def damage(self):
        """As a copy leaves it that broke off in the middle of a day."""
        self.history.run(f"DELETE FROM {self.history.name}.events WHERE event = 'pay'")

    def start_on_others(self, server):
        """A history that never saw the earlier facts, one that saw later ones, and one of another bank."""
        self.stop(server)
        empty = ScratchHistory(self.url)
        try:
            said = self.refusal(server.directory, empty.url)
            self.expect("history.outside_feed" in said, "an empty history is started on: " + said)
        finally:
            empty.drop()
        self.history.run(f"INSERT INTO {self.history.name}.positions VALUES (0, 1000000)")
        said = self.refusal(server.directory, self.history.url)
        self.expect("history.outside_feed" in said, "a history that is ahead is started on: " + said)
        self.history.run(f"DELETE FROM {self.history.name}.positions WHERE next_seq = 1000000")
        said = self.refusal(tempfile.mkdtemp(dir=self.scratch), self.history.url)
        self.expect("history.other_directory" in said, "the history of another directory is started on: " + said)
        self.start(server, self.history, asks_history=True)

    def tell_traits(self, server, wanted):
        """After a move: refused until all is told, also when it is killed on the way; it goes on where it was."""
        told = [self.kill_while_told(server, nth) for nth in (1, 2, 1)]
        self.expect(told[0] < told[1] <= told[2], f"parts told when it was killed: {told}")
        self.start(server, self.history, asks_history=True)
        self.wait_told(server)
        found = self.answers(server)
        self.expect(found == wanted, f"what was answered before the move:\n  {wanted}\n  {found}")
        self.stop(server)

    def change_meanwhile(self, server, wanted):
        self.forget_what_was_told()
        self.kill_while_told(server, 2, self.change)
        self.start(server, self.history, asks_history=True)
        self.wait_told(server)
        self.expect(self.answers(server) != wanted, "the changes are not seen")

    def kill_while_told(self, server, nth, meanwhile=None):
        """Kills the server -9 where it is about to write traits of the `nth` part; answers how many parts it had told."""
        self.gate.hold("INSERT INTO attributes", nth)
        self.start(server, self.gated, asks_history=True)
        self.expect(self.gate.wait_held(), "traits are not told")
        status, refused = self.call(server, "POST", "/api/v1/insights/metric", PAYMENTS)
        self.expect(status == 503 and refused["code"] == "insight.history_incomplete", str(refused))
        if meanwhile:
            meanwhile(server)
        server.process.kill()
        server.process.wait(30)
        self.gate.open()
        return int(re.search(r"(\d+) of 64 parts", refused["detail"])[1])

    def forget_what_was_told(self):
        """As right after a move."""
        for statement in (f"TRUNCATE TABLE {self.history.name}.attributes",
                          f"DELETE FROM {self.history.name}.meta WHERE key LIKE 'traits_%'"):
            self.history.run(statement)

    def wait_told(self, server):
        deadline = time.monotonic() + 60
        while self.call(server, "POST", "/api/v1/insights/metric", PAYMENTS)[0] == 503:
            self.expect(time.monotonic() < deadline, "traits are not told within a minute")
            time.sleep(0.2)

    def move_back(self, server, timeline):
        self.stop(server)
        back = self.scratch + "/back.duckdb"
        self.move(self.history.url, back)
        shutil.copy(back, self.file)
        said = self.tool("backup", self.scratch + "/moved", "--data-dir", server.directory)
        self.expect("The backup is complete: " in said and self.history.name in said, said)
        self.expect(os.path.exists(self.scratch + "/moved/history.duckdb"), "the backup lacks the file moved back")
        self.start(server, None)
        self.expect(self.timeline(server) == timeline, "the timeline back in DuckDB")

    def move_again(self, server):
        """What has changed while the file was in use, ClickHouse was not told; nor that a tag has gone."""
        self.send(server, [self.identify("u-3", {"level": "gold"}, "k-3")])
        self.consent(server, "u-1", False)
        self.api(server, "DELETE", f"/api/v1/customers/{self.customer(server, 'u-1')}/tags/level?why=wrong")
        self.fresh(server)
        self.advance(server)
        self.stop(server)
        self.move(self.file, self.history.url)
        self.start(server, self.history, asks_history=True)
        self.wait_told(server)
        self.compare(server, "after moving there again")

    def back_up(self, server):
        """Both at one moment, with the server stopped; what is not in a backup is said."""
        self.fresh(server)
        timeline, wanted = self.timeline(server), self.answers(server)
        said = self.tool("backup", self.scratch + "/running", "--data-dir", server.directory)
        self.expect("nothing was backed up" in said, "a running server is backed up: " + said)
        self.stop(server)
        os.remove(self.file)  # what history was before the move
        backup, restored = self.scratch + "/backup", self.scratch + "/restored"
        said = self.tool("backup", backup, "--data-dir", server.directory)
        self.expect("complete but for history" in said and self.history.name in said, said)
        self.expect(not os.path.exists(backup + "/history.duckdb"), "the backup holds a history")
        self.put_back_history()
        os.mkdir(restored)
        shutil.copytree(server.directory + "/keys", restored + "/keys")
        said = self.tool("restore", backup, "--data-dir", restored)
        self.expect("History is not in this backup" in said, said)
        original, server.directory = server.directory, restored
        try:
            self.start(server, self.history, asks_history=True)
            self.expect(self.timeline(server) == timeline, "the timeline after a restore")
            self.expect(self.answers(server) == wanted, "the answers after a restore")
        finally:
            server.directory = original

    def put_back_history(self):
        """ClickHouse loses the database, and has it again from its own backup; one in memory ends with its session."""
        if os.environ.get("QIAO_TEST_CLICKHOUSE"):
            return
        name = self.history.name
        for statement in (f"BACKUP DATABASE {name} TO Memory('{name}')", f"DROP DATABASE {name}",
                          f"RESTORE DATABASE {name} FROM Memory('{name}')"):
            self.history.run(statement)

    def tool(self, *words):
        done = subprocess.run([self.binary, *words], capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr

    # ---- servers ----

    def start(self, server, history, asks_history=False):
        server.history = history
        server.asks_history = asks_history
        server.address = None
        server.found_address.clear()
        server.start()
        server.tokens.clear()

    @staticmethod
    def stop(server):
        server.process.terminate()
        server.process.wait(30)

    def refusal(self, directory, history):
        """What a server says that does not start."""
        done = subprocess.run([self.binary, "--data-dir", directory, "--port", "0", "--no-demo", "--test-clock", "--history", history],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        self.expect(done.returncode != 0, "it starts")
        return done.stderr + done.stdout

    def api(self, server, method, path, body=None, who="administrator"):
        status, answer = self.call(server, method, path, body, who)
        self.expect(200 <= status < 300, f"{method} {path}: {status} {answer}")
        return answer

    @staticmethod
    def call(server, method, path, body=None, who="administrator"):
        headers = {"Authorization": "Bearer " + server.token(who), "Content-Type": "application/json"}
        answer = server.call(method, path, headers, json.dumps(body) if body else None)
        return answer.status, json.loads(answer.text()) if answer.text() else {}

    @staticmethod
    def expect(holds, what):
        if not holds:
            raise AssertionError(what)
