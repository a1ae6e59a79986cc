#!/usr/bin/env python3
"""History in ClickHouse: text cases that read it, and moving it there and back (moving.py).

ClickHouse is its own engine behind its HTTP interface (server.py), or the server that QIAO_TEST_CLICKHOUSE names
(clickhouse://user:password@host:port). Ends with "N passed, N failed".
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

DIRECTORY = pathlib.Path(__file__).resolve().parent
CASES = DIRECTORY.parent / "cases"
sys.path.insert(0, str(CASES))  # before this folder, whose server.py is ClickHouse's
from moving import Moving

# What reads history: timelines, exports, merges, erasure, the index's rebuild, retention.
FOLDERS = ("customer", "collect")
# Whose questions are answered there (--questions-from history), by the same cases.
ASKED_FOLDERS = (("insight",), ("audience", "--filter", "stages.case"))


def start_engine():
    process = subprocess.Popen([sys.executable, str(DIRECTORY / "server.py")], stdout=subprocess.PIPE, text=True)
    address = re.match(r"http://(\S+)", process.stdout.readline())
    if not address:
        sys.exit("ClickHouse's engine did not start; ./qiao test fetches it into build/deps/chdb")
    return process, f"clickhouse://qiao:secret@{address[1]}"


def cases(binary, history):
    failed = 0
    asked = [(folder, "--asks-history", *more) for folder, *more in ASKED_FOLDERS]
    for folder, *more in [(folder,) for folder in FOLDERS] + asked:
        failed += subprocess.run([sys.executable, str(CASES / "run.py"), "--binary", binary, "--history", history,
                                  "--directory", str(CASES / folder), "-j", "2", *more]).returncode != 0
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="build/release/qiao", help="the server to test")
    options = parser.parse_args()
    process, url = None, os.environ.get("QIAO_TEST_CLICKHOUSE")
    if not url:
        process, url = start_engine()
    failed = 0
    try:
        try:
            Moving(options.binary, url).run()
            print("history is moved there and back")
        except AssertionError as fault:
            failed += 1
            print(f"FAILED moving history: {fault}")
        failed += cases(options.binary, url)
    finally:
        if process:
            process.terminate()
    print(f"{1 + len(FOLDERS) + len(ASKED_FOLDERS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
