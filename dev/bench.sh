#!/usr/bin/env bash
# Benchmarks: ./qiao bench collect [SECONDS] | mixed [SECONDS [RATE]] | audience, rebuild, pause, questions, engine or growth [OPTIONS]. Results go to bench/RESULTS.md by hand,
# with the machine and the command that made them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source dev/setup.sh
name="${1:-}"
[ $# -gt 0 ] && shift

build_bench() {
    setup_packages test
    setup_duckdb
    configure bench
    cmake --build build/bench -j "$(compile_jobs)" --target "$@" | progress
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

cpu_of() { awk '{print ($14 + $15) / 100}' "/proc/$1/stat"; }

# The ceiling: nginx with one worker that answers 204 to the same requests, on the same cores.
measure_nginx() {
    local seconds="$1" port folder
    port=$(free_port)
    folder=$(mktemp -d)
    cat >"$folder/nginx.conf" <<TEXT
worker_processes 1; pid $folder/pid; error_log $folder/error.log; daemon on;
events { worker_connections 256; }
http { access_log off; client_body_temp_path $folder; client_body_buffer_size 64k; client_max_body_size 4m;
       keepalive_requests 100000000;
       server { listen 127.0.0.1:$port; location / { return 204; } } }
TEXT
    nginx -c "$folder/nginx.conf" -p "$folder" 2>/dev/null
    echo "nginx answering 204: $(build/bench/bench/collect_load 127.0.0.1 "$port" key "$seconds")"
    nginx -s stop -c "$folder/nginx.conf" -p "$folder" 2>/dev/null
    rm -rf "$folder"
}

lag_of() { curl -s "http://127.0.0.1:$1/health/ready" | grep -o '"lag":{[^}]*}'; }

# Runs the load, and says at each third of it what shards, history and index have still to do.
measure_qiao() {
    local seconds="$1" rate="${2:-0}" folder port key cpu load third events
    folder=$(mktemp -d)
    build/bench/qiao serve --data-dir "$folder/data" --port 0 --no-demo >"$folder/log" 2>&1 &
    local server=$!
    for _ in $(seq 100); do grep -q 'http://' "$folder/log" && break; sleep 0.1; done
    port=$(grep -o 'localhost:[0-9]*' "$folder/log" | head -n 1 | cut -d: -f2)
    key=$(build/bench/qiao key create --name bench --data-dir "$folder/data" | tail -n 1)
    cpu=$(cpu_of $server)
    build/bench/bench/collect_load 127.0.0.1 "$port" "$key" "$seconds" "$rate" >"$folder/load" &
    load=$!
    for third in 1 2 3; do
        sleep "$(echo "$seconds / 3" | bc -l)"
        echo "  after $((seconds * third / 3)) s: $(lag_of "$port")"
    done
    wait $load
    echo "Qiao, durable${rate:+, limit $rate/s}: $(cat "$folder/load")"
    events=$(grep -o '"acknowledged":[0-9]*' "$folder/load" | cut -d: -f2)
    cpu=$(echo "$(cpu_of $server) - $cpu" | bc)
    echo "  server CPU: $cpu s, $(echo "$cpu * 1000000 / $events" | bc -l | xargs printf '%.2f') µs per event"
    echo "  resident memory: $(awk '/VmRSS/ {print $2 / 1024 " MB"}' /proc/$server/status)"
    SECONDS=0
    while lag_of "$port" | grep -q '[1-9]' && [ $SECONDS -lt 300 ]; do sleep 1; done
    echo "  all applied $SECONDS s later; journal, history and index: $(du -sm "$folder/data" | cut -f1) MB"
    kill $server
    wait $server || true
    rm -rf "$folder"
}

# Questions of the demo bank alone, and the same while events come in at RATE.
measure_mixed() {
    local seconds="$1" rate="$2" folder port key token load
    folder=$(mktemp -d)
    build/bench/qiao serve --data-dir "$folder/data" --port 0 >"$folder/log" 2>&1 &
    local server=$!
    for _ in $(seq 3000); do grep -q 'demo bank is ready' "$folder/log" && break; sleep 0.2; done
    port=$(grep -o 'localhost:[0-9]*' "$folder/log" | head -n 1 | cut -d: -f2)
    key=$(build/bench/qiao key create --name bench --data-dir "$folder/data" | tail -n 1)
    token=$(build/bench/qiao token create --role analyst --data-dir "$folder/data" | tail -n 1)
    echo "Questions alone:"
    python3 bench/ask_load.py "localhost:$port" "$token" "$seconds"
    build/bench/bench/collect_load 127.0.0.1 "$port" "$key" "$seconds" "$rate" >"$folder/load" &
    load=$!
    echo "Questions while $rate events/s come in:"
    python3 bench/ask_load.py "localhost:$port" "$token" "$seconds"
    wait $load
    echo "Intake meanwhile: $(cat "$folder/load")"
    echo "  after it: $(lag_of "$port"), $(awk '/VmRSS/ {print $2 / 1024 " MB"}' /proc/$server/status) resident"
    kill $server
    wait $server || true
    rm -rf "$folder"
}

case "$name" in
    collect)
        build_bench qiao collect_load
        seconds="${1:-60}"
        measure_nginx "$seconds"
        measure_qiao "$seconds"
        measure_qiao "${2:-$seconds}" 60000
        ;;
    mixed)
        build_bench qiao collect_load
        measure_mixed "${1:-60}" "${2:-50000}"
        ;;
    audience)
        build_bench audience_bench
        exec build/bench/bench/audience_bench "$@"
        ;;
    rebuild | pause)
        build_bench "${name}_bench"
        exec "build/bench/bench/${name}_bench" "$@"
        ;;
    engine)
        setup_clickhouse
        build_bench engine_bench
        exec build/bench/bench/engine_bench "$@"
        ;;
    growth)
        build_bench engine_bench
        exec python3 bench/growth.py "$@"
        ;;
    questions)
        build_bench question_bench
        exec build/bench/bench/question_bench "$@"
        ;;
    *) die "Which benchmark? ./qiao bench collect [SECONDS [SECONDS_AT_60000]], ./qiao bench mixed [SECONDS [RATE]], ./qiao bench audience, rebuild, pause, questions, engine or growth [--customers N --events N]" ;;
esac
