#!/usr/bin/env python3
"""Kills the server with signal 9 at random moments of intake and checks what it promised.

Several clients send batches; every batch that was not answered with 200 is sent again after the
restart with the same message ids, as SDKs do. At the end every event is there exactly once: the count
and an exact sum over a property that differs for every event agree. Each restart must answer within
5 seconds. Ends with "N passed, N failed". The seed is printed, and can be given with --seed.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cases"))
from server import Server, ServerFault  # noqa: E402

CLIENTS = 4
EVENTS_PER_BATCH = 20
READY_LIMIT_S = 5


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
                          "anonymousId": f"device-{n % 131}", "messageId": f"m-{n}", "properties": {"n": n}})
        return batch

    def send(self, batch):
        try:
            body = json.dumps({"batch": batch, "writeKey": self.server.write_key})
            answer = self.server.call("POST", "/v1/batch", {"Content-Type": "application/json"}, body)
            return answer.status == 200
        except Exception:  # the server is dead or dying: the batch is sent again
            return False


def measure(server, token, measure_name):
    question = {"event": "crash_event", "measure": measure_name, "per": "total", "within": "2d", "fresh": True}
    answer = server.call("POST", "/api/v1/insights/metric",
                         {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, json.dumps(question))
    if answer.status != 200:
        raise ServerFault(f"the metric was refused: {answer.status} {answer.text()}")
    series = json.loads(answer.text())["series"]
    return sum(point["value"] for group in series for point in group["points"])


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
    options = parser.parse_args()
    print(f"crash tests with seed {options.seed}")
    failures = 0
    for scenario in (intake_survives,):
        problem = scenario(options.binary, options.rounds, random.Random(options.seed))
        if problem:
            failures += 1
            print(f"FAILED {scenario.__name__}: {problem}")
    print(f"{1 - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
