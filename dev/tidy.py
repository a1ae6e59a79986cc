#!/usr/bin/env python3
"""The tree's own rules as a test: layers, sizes (with a ratchet), words that must not stand in it.

Usage: dev/tidy.py [--lint] [--accept]   (--accept writes today's offenders into dev/tidy_ratchet.txt)
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATCHET = ROOT / "dev" / "tidy_ratchet.txt"
LINE_LIMIT = 100
FILE_LIMITS = {".cpp": 600, ".hpp": 600, ".py": 600, ".ts": 600, ".tsx": 300, ".vue": 300}
FUNCTION_LIMIT = 70
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
BAD_NAMES = re.compile(r"(^|_)(utils?|manager|helpers?|common|misc)(_|$)")
CHECKERS = {"dev/tidy.py", "web/console/scripts/lint.mjs"}  # they name the marks that they look for
EDGE_HEADERS = ("boost/beast", "boost/asio")


def tracked_files():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in out.stdout.splitlines() if (ROOT / line).is_file()]


def read_layers():
    layers = {}
    for line in (ROOT / "src/layers.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        module, _, dependencies = line.partition(":")
        names = dependencies.split()
        for name in names:
            if name not in layers:
                yield_error(f"src/layers.txt: {module} names {name}, which does not stand above it")
        layers[module] = set(names)
    return layers


errors = []


def yield_error(text):
    errors.append(text)


def check_includes(path, text, layers):
    parts = path.relative_to(ROOT / "src").parts
    module = parts[0]
    if module not in layers:
        if len(parts) > 1:
            yield_error(f"src/{module}: not in src/layers.txt")
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*"([a-z_]+)/([^"]+)"', line)
        if match:
            target, rest = match.groups()
            if target != module and target not in layers[module]:
                yield_error(f"{path.relative_to(ROOT)}:{number}: {module} may not include {target} (src/layers.txt)")
            if target != module and rest.startswith("detail/"):
                yield_error(f"{path.relative_to(ROOT)}:{number}: {target}/detail is private to {target}")
        is_private = "detail" in parts
        if path.suffix == ".hpp" and not is_private and any(edge in line for edge in EDGE_HEADERS) and "#include" in line:
            yield_error(f"{path.relative_to(ROOT)}:{number}: keep Beast and Asio out of headers")


def long_functions(text):
    """Yields (line, length) of C++ function bodies that start in column 0 and end with a } in column 0."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"^[A-Za-z_ ].*\).*\{\s*$", line) and not re.match(r"^(namespace|class|struct|enum|union|extern)\b", line):
            start = number
        elif line.startswith("}") and start:
            yield start, number - start + 1
            start = None


def check_sizes(path, text, found):
    name = str(path.relative_to(ROOT))
    lines = text.splitlines()
    limit = FILE_LIMITS.get(path.suffix)
    if limit and len(lines) > limit:
        found[f"file {name}"] = len(lines)
    if path.suffix in (".cpp", ".hpp"):
        over = sum(len(line) > LINE_LIMIT for line in lines)
        if over:
            found[f"lines {name}"] = over
    if path.suffix == ".cpp" and not name.endswith("_test.cpp"):
        longest = max((length for _, length in long_functions(text)), default=0)
        if longest > FUNCTION_LIMIT:
            found[f"function {name}"] = longest


def check_ratchet(found, accept):
    if accept:
        RATCHET.write_text("".join(f"{count} {what}\n" for what, count in sorted(found.items())))
        return
    allowed = {}
    if RATCHET.exists():
        for line in RATCHET.read_text().splitlines():
            count, _, what = line.partition(" ")
            allowed[what] = int(count)
    for what, count in sorted(found.items()):
        if count > allowed.get(what, 0):
            kind, _, name = what.partition(" ")
            yield_error(f"{name}: {kind} size {count} is over the limit (allowed so far: {allowed.get(what, 0)})")


def main():
    layers = read_layers()
    found = {}
    for path in tracked_files():
        name = str(path.relative_to(ROOT))
        if path.suffix not in {".cpp", ".hpp", ".py", ".ts", ".tsx", ".vue", ".sh", ".mjs"} or "node_modules" in name:
            continue
        text = path.read_text(errors="replace")
        if name not in CHECKERS and UNFINISHED.search(text):
            yield_error(f"{name}: holds a mark of unfinished work")
        if BAD_NAMES.search(path.stem):
            yield_error(f"{name}: name it after its idea")
        if name.startswith("src/"):
            check_includes(path, text, layers)
        check_sizes(path, text, found)
    check_ratchet(found, "--accept" in sys.argv)
    if "--lint" in sys.argv:
        files = [str(p) for p in tracked_files() if p.suffix == ".cpp" and "/src/" in str(p)]
        subprocess.run(["run-clang-tidy-16", "-quiet", "-p", "build/dev", *files], cwd=ROOT, check=False)
    for error in errors:
        print(error)
    print(f"tidy: {len(errors)} problems")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
