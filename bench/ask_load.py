#!/usr/bin/env python3
"""Asks the demo bank's questions one after the other for some seconds, as two people would who never stop to read.

ask_load.py HOST:PORT TOKEN SECONDS: prints count, p50 and p99 in milliseconds, of each question and of all.
"""

import http.client
import json
import sys
import threading
import time

QUESTIONS = {
    "metric by channel": ("metric", {"event": "app_open", "measure": "unique", "per": "day", "by": ["channel"], "within": "30d"}),
    "funnel of four steps": ("funnel", {"steps": [{"event": "fund_list_view"}, {"event": "fund_detail_view"},
                                                  {"event": "fund_purchase_start"}, {"event": "fund_purchase"}],
                                        "window": "7d", "within": "90d"}),
    "retention to day 30": ("retention", {"first": {"event": "app_open"}, "then": {"event": "app_open"}, "unit": "day",
                                          "periods": 30, "within": "60d"}),
    "paths of three steps": ("paths", {"start": {"event": "app_open"}, "gap": "30m", "steps": 3, "within": "30d"}),
    "distribution of days": ("distribution", {"event": "app_open", "measure": "days", "within": "30d"}),
}


class Asker(threading.Thread):
    def __init__(self, address, token, until):
        super().__init__()
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
        self.until = until
        self.times = {name: [] for name in QUESTIONS}
        self.refused = 0

    def run(self):
        round_number = 0
        while time.monotonic() < self.until:
            round_number += 1
            for name, (kind, question) in QUESTIONS.items():
                # No two are the same question, so that none is answered from memory.
                asked = {**question, "audience": {"tag": "age", "op": "gte", "value": -round_number - id(self) % 97}}
                began = time.monotonic()
                self.connection.request("POST", "/api/v1/insights/" + kind, json.dumps(asked), self.headers)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status == 200:
                    self.times[name].append((time.monotonic() - began) * 1000)
                else:
                    self.refused += 1
                    sys.stderr.write(f"{name}: {answer.status} {text[:200]!r}\n")


def line(name, times):
    if not times:
        return f"  {name:<22} no answer"
    times = sorted(times)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return f"  {name:<22} {len(times):>6} answers, p50 {times[len(times) // 2]:7.1f} ms, p99 {p99:7.1f} ms"


def main():
    address, token, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    askers = [Asker(address, token, time.monotonic() + seconds) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    every = []
    for name in QUESTIONS:
        times = [one for asker in askers for one in asker.times[name]]
        every += times
        print(line(name, times))
    print(line("all", every))
    refused = sum(asker.refused for asker in askers)
    if refused:
        sys.exit(f"{refused} questions were refused")


if __name__ == "__main__":
    main()
