#!/usr/bin/env bash
# Runs every test, or the parts named on the command line. Each part prints its own lines, kept in
# build/test-logs; what failed is said again at the end, and the last line counts the parts.
# QIAO_JOBS limits parallel compilation.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
source dev/setup.sh

fuzz_seconds="${QIAO_FUZZ_SECONDS:-8}"
all_parts="tidy web unit cases clickhouse clients channels browser crash thread sanitize fuzz"
passed=0
failed=()
skipped=()

setup_packages test || die "The packages that the tests need could not be installed."
setup_duckdb
setup_node
# In a subshell: where it cannot be fetched, the tests that need it say that they are skipped.
(setup_clickhouse) || true
logs=build/test-logs
mkdir -p $logs

build() { # preset targets…
    local preset="$1"
    shift
    configure "$preset"
    cmake --build "build/$preset" -j "$(compile_jobs)" --target "$@" 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating|Creating)'
    return "${PIPESTATUS[0]}"
}

# The *_test programs that the layers file makes, of all modules or of those named.
test_programs() {
    local module
    for module in ${1:-$(sed -n 's/^\([a-z]*\):.*/\1/p' src/layers.txt)}; do
        compgen -G "src/$module/*_test.cpp" >/dev/null || compgen -G "src/$module/*/*_test.cpp" >/dev/null && echo "${module}_test"
    done
    true
}

run_programs() { # preset programs…
    local preset="$1" program status=0
    shift
    for program in "$@"; do
        "build/$preset/tests/$program" --gtest_brief=1 || { echo "FAILED: build/$preset/tests/$program"; status=1; }
    done
    return $status
}

part_tidy() { python3 dev/tidy.py; }

part_web() {
    build_web || return 1
    local folder status=0
    for folder in web/sdk web/console; do
        (cd $folder && npm run --silent check && npm run --silent --if-present lint && npm test --silent) || status=1
    done
    return $status
}

part_unit() {
    # shellcheck disable=SC2046
    build release qiao $(test_programs) && run_programs release $(test_programs)
}

part_cases() {
    build release qiao || return 1
    python3 tests/cases/run_test.py && python3 tests/cases/document_test.py && python3 tests/cases/run.py --binary build/release/qiao && cases_on_postgresql
}

# The same cases with the registry in PostgreSQL: a server of their own on a free loopback port.
cases_on_postgresql() {
    local bin=/usr/lib/postgresql/15/bin folder port status=0
    folder=$(mktemp -d)
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
    [ "$(id -u)" = 0 ] && chown postgres "$folder"
    as_postgres $bin/initdb -D "$folder/data" -A trust -U qiao >/dev/null || return 1
    as_postgres $bin/pg_ctl -D "$folder/data" -w -l "$folder/log" -o "-p $port -c listen_addresses=127.0.0.1 -k $folder" start >/dev/null || return 1
    echo "The cases again, on PostgreSQL:"
    python3 tests/cases/run.py --binary build/release/qiao --database "postgresql://qiao@127.0.0.1:$port/postgres" || status=1
    as_postgres $bin/pg_ctl -D "$folder/data" -m immediate stop >/dev/null
    rm -rf "$folder"
    return $status
}

# The same cases, and moving, with history in ClickHouse.
part_clickhouse() {
    if [ -z "${QIAO_TEST_CLICKHOUSE:-}" ] && [ ! -f build/deps/chdb/libchdb.so ]; then
        echo "Skipped: build/deps/chdb/libchdb.so is missing."
        return 0
    fi
    build release qiao && python3 tests/clickhouse/run.py --binary build/release/qiao
}

part_clients() { build release qiao && tests/clients/run.sh build/release/qiao; }
part_channels() { build release qiao && tests/channels/run.sh build/release/qiao; }
part_browser() { build_web && build release qiao && tests/browser/run.sh build/release/qiao; }
part_crash() { build release qiao && python3 tests/crash/run.py --binary build/release/qiao; }

part_thread() {
    export TSAN_OPTIONS="suppressions=$root/dev/tsan.supp"
    # shellcheck disable=SC2046
    build tsan $(test_programs "journal shard index") && run_programs tsan $(test_programs "journal shard index")
}

part_sanitize() {
    # shellcheck disable=SC2046
    build debug qiao $(test_programs) || return 1
    export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
    # shellcheck disable=SC2046
    run_programs debug $(test_programs) && python3 tests/cases/run.py --binary build/debug/qiao
}

part_fuzz() {
    local targets status=0 target
    targets=$(find src -name '*_fuzz.cpp' -exec basename {} .cpp \; | sort)
    # shellcheck disable=SC2086
    build fuzz $targets || return 1
    for target in $targets; do
        mkdir -p "build/corpus/$target"
        "build/fuzz/fuzz/$target" -max_total_time="$fuzz_seconds" -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
            -artifact_prefix="build/corpus/$target-" "build/corpus/$target" || { echo "FAILED: $target"; status=1; }
    done
    return $status
}

# The lines of a failed part that name a failure, and its last ones.
say_again() {
    say "What failed in $1 ($logs/$1.log)"
    grep -nE -A 6 '^not ok|FAILED|ERROR: |runtime error:|SUMMARY: |: error:|[✗✘]|Assertion|Traceback' "$logs/$1.log" | head -n 60
    echo "…"
    tail -n 15 "$logs/$1.log"
}

for part in ${*:-$all_parts}; do
    case "$part" in
        clients | channels | browser) [ -x "tests/$part/run.sh" ] || { skipped+=("$part"); continue; } ;;
        crash) [ -f tests/crash/run.py ] || { skipped+=("$part"); continue; } ;;
    esac
    say "Test part: $part"
    started=$SECONDS
    if "part_$part" 2>&1 | tee "$logs/$part.log"; then
        passed=$((passed + 1))
        say "Part $part passed in $((SECONDS - started)) s"
    else
        failed+=("$part")
        say "Part $part FAILED after $((SECONDS - started)) s"
    fi
done

[ ${#skipped[@]} -gt 0 ] && echo "Skipped: ${skipped[*]}"
for part in "${failed[@]}"; do say_again "$part"; done
[ ${#failed[@]} -gt 0 ] && echo "Failed parts: ${failed[*]}"
echo "$passed passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
[ ${#failed[@]} -eq 0 ]
