#!/usr/bin/env python3
"""How time and memory of Qiao's questions grow with the events.

growth.py [--millions 10,30,100,300] [--runs N] [--out FOLDER]: runs engine_bench with Qiao alone at
each size (a customer for fifty events), prints a table for bench/RESULTS.md, and writes growth.svg.
"""

import argparse
import math
import os
import re
import subprocess
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 700, 400, 60, 230, 44, 44  # of one of the two plots
LEAST = {"ms": 0.01, "MB": 0.1}  # a logarithm needs more than nothing
COLOURS = ["#0f766e", "#2563eb", "#b45309", "#be123c", "#7c3aed", "#0891b2", "#4d7c0f"]


def measure(program, millions, runs, folder):
    """Medians by question of milliseconds and of MB beside what lay in memory before it, and the most
    that the process held, in MB."""
    command = [program, "--only", "qiao", "--events", str(millions * 1_000_000), "--customers",
               str(millions * 20_000), "--runs", str(runs), "--directory", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{output}")
    times = {name.strip(): float(ms)
             for name, ms in re.findall(r"^\| ([^|]+) \| ([\d.]+) \([\d.]+\) \|$", output, re.M)}
    memory = {name.strip(): float(mb)
              for name, mb in re.findall(r"^\| ([^|]+) \| ([\d.]+) \|$", output, re.M)}
    return times, memory, usage.ru_maxrss / 1024


def decades(values):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0 ** power for power in range(low, high + 1)]


def plot(sizes, results, unit, title, top):
    """The lines and words of one plot, `top` pixels from the drawing's upper edge."""
    questions = list(results[0])
    results = [{name: max(value, LEAST[unit]) for name, value in row.items()} for row in results]
    ticks = decades([row[name] for row in results for name in questions])

    def x(size):
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value):
        share = math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])
        return top + HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="16" y="{top + 24}" font-size="14" fill="#0f172a">{title}</text>']
    for tick in ticks:
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
                     'stroke="#e2e8f0"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{top + HEIGHT - BOTTOM + 20}" '
                     f'text-anchor="middle">{size}</text>')
    below = 0.0
    for name in sorted(questions, key=lambda one: results[-1][one]):
        colour = COLOURS[questions.index(name) % len(COLOURS)]
        line = " ".join(f"{x(s):.1f},{y(row[name]):.1f}" for s, row in zip(sizes, results))
        at = y(results[-1][name]) + 4
        at = at if below == 0.0 else min(at, below - 14)  # labels do not overlap
        below = at
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{at:.1f}" fill="{colour}">{name}</text>')
    return parts


def draw(sizes, times, memory):
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * HEIGHT}" '
             'font-family="system-ui, sans-serif" font-size="12" fill="#64748b">',
             f'<rect width="{WIDTH}" height="{2 * HEIGHT}" fill="#ffffff"/>']
    parts += plot(sizes, times, "ms", "Median time of a question, milliseconds, by millions of "
                  "events", 0)
    parts += plot(sizes, memory, "MB", "Memory that a question takes while it runs, MB, by millions "
                  "of events", HEIGHT)
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", default="10,30,100,300")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", default="build/bench/bench/engine_bench")
    parser.add_argument("--directory", default="build/bench-engine")
    parser.add_argument("--out", default="bench")
    given = parser.parse_args()
    sizes = [int(one) for one in given.millions.split(",")]
    results, memory, held = [], [], []
    for size in sizes:
        times, own, megabytes = measure(given.program, size, given.runs, given.directory)
        results.append(times)
        memory.append(own)
        held.append(megabytes)
        print(f"{size} M events: {megabytes:.0f} MB at most", flush=True)
    print("\n| question | " + " | ".join(f"{size} M" for size in sizes) + " |")
    print("| --- |" + " --- |" * len(sizes))
    for name in results[0]:
        print(f"| {name} | " + " | ".join(f"{row[name]:.2f} ({own[name]:.1f})"
                                          for row, own in zip(results, memory)) + " |")
    print("| resident at most, MB | " + " | ".join(f"{one:.0f}" for one in held) + " |")
    os.makedirs(given.out, exist_ok=True)
    Path(given.out, "growth.svg").write_text(draw(sizes, results, memory), encoding="utf-8")


if __name__ == "__main__":
    main()
