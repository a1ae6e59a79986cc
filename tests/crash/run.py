#!/usr/bin/env python3
"""Kills the server with signal 9 at random moments, copies it while it works, and checks what it promised.

Intake: several clients send batches; every batch that was not answered with 200 is sent again after the
restart with the same message ids, as SDKs do. At the end every event is there exactly once: the count
and an exact sum over a property that differs for every event agree. Import: a file is imported again
after each kill, and every row is there once. Backup: taken while clients send, restored elsewhere; it
holds a prefix of what each client sent, all that was acknowledged before it began, and takes nothing
twice afterwards. Launch: see launch.py. Each restart must answer within 5 seconds. Ends with "N passed, N failed".
The seed is printed, and can be given with --seed.
"""

import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cases"))
import launch  # noqa: E402
from server import Server, ServerFault  # noqa: E402

CLIENTS = 4
EVENTS_PER_BATCH = 20
READY_LIMIT_S = 5
IMPORT_ROWS = 200_000


class MortalServer(Server):
    """A server on the system clock that can be killed and started again on the same data."""

    def start(self):
        self.address = None
        self.found_address.clear()
        command = [self.binary, "--data-dir", self.directory, "--port", "0", "--no-demo"]
        started = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self.read_output, daemon=True)
        self.reader.start()
        if not self.found_address.wait(60):
            raise ServerFault("the server did not come back\n" + self.log_tail())
        self.ready_s = time.monotonic() - started
        if not hasattr(self, "write_key"):
            self.write_key = self.run_tool("key", "create", "--name", "crash")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join(5)


class Client(threading.Thread):
    """Sends its own events in batches; keeps what was not acknowledged."""

    def __init__(self, number, server, stopping):
        super().__init__(daemon=True)
        self.number = number
        self.server = server
        self.stopping = stopping
        self.next_event = 0
        self.unanswered = []
        self.acknowledged = 0
        self.sum = 0

    def run(self):
        while not self.stopping.is_set():
            batch = self.unanswered or self.new_batch()
            self.unanswered = batch
            if self.send(batch):
                self.acknowledged += len(batch)
                self.sum += sum(event["properties"]["n"] for event in batch)
                self.unanswered = []
            else:
                time.sleep(0.02)

    def new_batch(self):
        batch = []
        for _ in range(EVENTS_PER_BATCH):
            n = self.number * 1_000_000 + self.next_event
            self.next_event += 1
            batch.append({"type": "track", "event": "crash_event", "userId": f"crash-{n % 97}",
                          "anonymousId": f"device-{n % 131}", "messageId": f"m-{n}", "properties": {"n": n, "client": str(self.number)}})
        return batch

    def send(self, batch):
        try:
            body = json.dumps({"batch": batch, "writeKey": self.server.write_key})
            answer = self.server.call("POST", "/v1/batch", {"Content-Type": "application/json"}, body)
            return answer.status == 200
        except Exception:  # the server is dead or dying: the batch is sent again
            return False


def measure(server, token, measure_name, event="crash_event", by=()):
    """The value in all, or by the groups of one property."""
    question = {"event": event, "measure": measure_name, "per": "total", "within": "2d", "fresh": True, "by": list(by)}
    answer = server.call("POST", "/api/v1/insights/metric",
                         {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, json.dumps(question))
    if answer.status != 200:
        raise ServerFault(f"the metric was refused: {answer.status} {answer.text()}")
    series = json.loads(answer.text())["series"]
    values = {(group["group"] or [None])[0]: sum(point["value"] for point in group["points"]) for group in series}
    return values if by else sum(values.values())


def intake_survives(binary, rounds, random_source):
    server = MortalServer(binary)
    slowest = 0.0
    clients = [Client(number, server, threading.Event()) for number in range(CLIENTS)]
    try:
        for _ in range(rounds):
            stopping = threading.Event()
            clients = [resumed(client, stopping) for client in clients]
            for client in clients:
                client.start()
            time.sleep(random_source.uniform(0.2, 1.5))
            server.kill()
            stopping.set()
            for client in clients:
                client.join(10)
            server.start()
            slowest = max(slowest, server.ready_s)
        for client in clients:  # what was under way is sent again, until it is acknowledged
            while client.unanswered and not client.send(client.unanswered):
                time.sleep(0.05)
            client.acknowledged += len(client.unanswered)
            client.sum += sum(event["properties"]["n"] for event in client.unanswered)
        token = server.token("administrator")
        wanted = sum(client.acknowledged for client in clients)
        wanted_sum = sum(client.sum for client in clients)
        found, found_sum = measure(server, token, "count"), measure(server, token, "sum:n")
        print(f"  {rounds} kills, {wanted} events acknowledged, {found} found, slowest start {slowest:.2f} s")
        if (found, found_sum) != (wanted, wanted_sum):
            return f"wanted {wanted} events with sum {wanted_sum}, found {found} with sum {found_sum}"
        if slowest > READY_LIMIT_S:
            return f"a restart took {slowest:.1f} s, more than {READY_LIMIT_S} s"
        return None
    finally:
        server.stop()


def write_import(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("user_id,n,channel\n")
        file.writelines(f"u-{n % 20_000},{n},{'app' if n % 3 else 'branch'}\n" for n in range(IMPORT_ROWS))


def begin_import(server, path):
    mapping = {"kind": "events", "event": {"name": "crash_import"}, "columns": {"n": {"type": "number"}}}
    return subprocess.Popen([server.binary, "import", path, "--mapping", json.dumps(mapping), "--data-dir",
                             server.directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def import_survives(binary, rounds, random_source):
    server = MortalServer(binary)
    hits, slowest = 0, 0.0
    try:
        path = str(pathlib.Path(server.directory) / "crash.csv")
        write_import(path)
        for _ in range(rounds):
            running = begin_import(server, path)
            time.sleep(random_source.uniform(0.1, 1))
            hits += running.poll() is None
            server.kill()
            running.wait(30)
            server.start()
            slowest = max(slowest, server.ready_s)
        said = begin_import(server, path).communicate(timeout=300)[0].strip().splitlines()[-1]
        server.kill()
        server.start()  # now on all of the file's events
        slowest = max(slowest, server.ready_s)
        token = server.token("administrator")
        found, found_sum = (measure(server, token, what, "crash_import") for what in ("count", "sum:n"))
        print(f"  {rounds} kills, {hits} within the import, {found} rows found, slowest start {slowest:.2f} s; {said}")
        if (found, found_sum) != (IMPORT_ROWS, IMPORT_ROWS * (IMPORT_ROWS - 1) // 2):
            return f"wanted {IMPORT_ROWS} rows, found {found} with sum {found_sum}"
        if hits == 0:
            return "no kill came while the import ran: it proves nothing"
        if slowest > READY_LIMIT_S:
            return f"a restart took {slowest:.1f} s, more than {READY_LIMIT_S} s"
        return None
    finally:
        server.stop()


class RestoredServer(MortalServer):
    """A server on a data directory that a backup and the keys of another were made into."""

    def __init__(self, binary, backup, keys, write_key):
        self.write_key = write_key
        self.source = (backup, keys)
        super().__init__(binary)

    def start(self):
        if self.source:
            backup, keys = self.source
            self.source = None
            shutil.copytree(keys, pathlib.Path(self.directory) / "keys")
            subprocess.run([self.binary, "restore", backup, "--data-dir", self.directory], check=True,
                           capture_output=True, text=True)
        super().start()


def prefix_problem(clients, before, counts, sums):
    """What is wrong where the backup is not a prefix of what each client sent."""
    for client in clients:
        count, first = counts.get(str(client.number), 0), client.number * 1_000_000
        if not before[client.number] <= count <= client.next_event or count % EVENTS_PER_BATCH != 0:
            return f"client {client.number}: {before[client.number]} acknowledged before, {client.next_event} sent, {count} restored"
        if sums.get(str(client.number), 0) != count * first + count * (count - 1) // 2:
            return f"client {client.number}: the restored events are not the first {count}"
    return None


def backup_is_one_cut(binary, rounds, random_source):
    server, restored = MortalServer(binary), None
    backup = tempfile.mkdtemp(prefix="qiao-backup-")
    stopping = threading.Event()
    clients = [Client(number, server, stopping) for number in range(1, CLIENTS + 1)]
    try:
        for client in clients:
            client.start()
        time.sleep(random_source.uniform(1, 3))
        before = {client.number: client.acknowledged for client in clients}
        began = time.monotonic()
        server.run_tool("backup", backup)
        took = time.monotonic() - began
        time.sleep(random_source.uniform(0.2, 1))
        stopping.set()
        for client in clients:
            client.join(10)
        restored = RestoredServer(binary, backup, pathlib.Path(server.directory) / "keys", server.write_key)
        token = restored.token("administrator")
        counts, sums = (measure(restored, token, what, by=["client"]) for what in ("count", "sum:n"))
        problem = prefix_problem(clients, before, counts, sums)
        if problem:
            return problem
        for client in clients:  # everything again: what the backup held is recognised
            sent, repeating = client.next_event, Client(client.number, restored, threading.Event())
            while repeating.next_event < sent:
                if not repeating.send(repeating.new_batch()):
                    return "the restored server refused a batch"
        wanted, found = sum(client.next_event for client in clients), measure(restored, token, "count")
        print(f"  backup in {took:.2f} s while clients sent: {sum(before.values())} events acknowledged before, "
              f"{sum(counts.values())} restored, {found} of {wanted} after all were sent again")
        return None if found == wanted else f"wanted {wanted} events after all were sent again, found {found}"
    finally:
        stopping.set()
        shutil.rmtree(backup, ignore_errors=True)
        server.stop()
        if restored:
            restored.stop()


def launch_survives(binary, rounds, random_source):
    return launch.launch_survives(lambda: MortalServer(binary), rounds, random_source)


SCENARIOS = (intake_survives, import_survives, backup_is_one_cut, launch_survives)


def resumed(client, stopping):
    """A new thread that goes on where the old one stopped."""
    successor = Client(client.number, client.server, stopping)
    for name in ("next_event", "unanswered", "acknowledged", "sum"):
        setattr(successor, name, getattr(client, name))
    return successor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", choices=[scenario.__name__ for scenario in SCENARIOS])
    options = parser.parse_args()
    print(f"crash tests with seed {options.seed}")
    chosen = [scenario for scenario in SCENARIOS if options.only in (None, scenario.__name__)]
    failures = 0
    for scenario in chosen:
        problem = scenario(options.binary, options.rounds, random.Random(options.seed))
        if problem:
            failures += 1
            print(f"FAILED {scenario.__name__}: {problem}")
    print(f"{len(chosen) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
