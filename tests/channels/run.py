"""Campaigns and test messages of a running server to peers that speak the protocols; see tests/peers.

usage: run.py BINARY [WORD]   runs the tests whose names hold the word"""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cases"))
import boards  # noqa: E402
import campaigns  # noqa: E402
import notices  # noqa: E402
import providers  # noqa: E402
import sick  # noqa: E402
from server import Server  # noqa: E402


def main():
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    for test in (*providers.TESTS, *campaigns.TESTS, *boards.TESTS, *notices.TESTS, *sick.TESTS):
        if word not in test.__name__:
            continue
        server, began = Server(sys.argv[1]), time.monotonic()
        try:
            test(server)
        except BaseException:
            print(server.log_tail())
            raise
        finally:
            problem = server.stop()
        if problem:
            raise AssertionError(problem)
        print(f"ok   {test.__name__} {time.monotonic() - began:.1f} s", flush=True)


main()
