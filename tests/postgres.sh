#!/usr/bin/env bash
# A private PostgreSQL cluster with PostGIS, for tests: never the machine's own.
#
#   tests/postgres.sh start DIR        create a cluster in DIR, start it on a free port, print its address
#   tests/postgres.sh halt DIR         stop it as if the power were cut, and keep what it holds
#   tests/postgres.sh resume DIR       start it again, at the same address
#   tests/postgres.sh replicate OF DIR create a replica in DIR of the cluster in OF, start it, print its address
#   tests/postgres.sh stop DIR         stop it and remove DIR
#   tests/postgres.sh run COMMAND...   start one, run COMMAND with GRIDMAP_TEST_POSTGRES set, always stop; its exit code
#
# The server refuses to run as root, so root starts it as user postgres. It listens on 127.0.0.1 only and trusts who
# asks there. With GRIDMAP_TEST_FSYNC=on it writes to disk as a real one does; otherwise tests need not wait for that.
set -euo pipefail

programs() {
    local folder
    folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    if [ -z "$folder" ] || [ ! -x "$folder/initdb" ]; then
        echo "PostgreSQL is not installed: apt-get install postgresql-15 postgresql-15-postgis-3" >&2
        exit 1
    fi
    echo "$folder"
}

# Runs a command as a user the server agrees to run as.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

free_port() {
    local port
    for _ in $(seq 50); do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    echo "no free port found" >&2
    exit 1
}

# Starts the cluster in DIR on PORT.
launch() {
    as_server "$(programs)/pg_ctl" --pgdata "$1/data" --log "$1/server.log" --wait --silent start --options \
        "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=${GRIDMAP_TEST_FSYNC:-off} -c max_connections=200" \
        >/dev/null 2>&1
}

# Starts the cluster in DIR on a free port, and notes which. It may be taken before the server has it: then another one.
launch_somewhere() {
    local port
    for _ in 1 2 3; do
        port=$(free_port)
        if launch "$1" "$port"; then
            echo "$port" >"$1/port"
            return
        fi
    done
    tail -20 "$1/server.log" >&2
    exit 1
}

halt() {
    as_server "$(programs)/pg_ctl" --pgdata "$(cd "$1" && pwd)/data" --mode immediate --wait --silent stop >/dev/null 2>&1
}

resume() {
    launch "$(cd "$1" && pwd)" "$(cat "$1/port")"
}

# Makes the folder DIR, which the server may write to, and prints its whole path.
folder() {
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$1"
    fi
    (cd "$1" && pwd)
}

start() {
    local dir bin
    bin=$(programs)
    dir=$(folder "$1")
    as_server "$bin/initdb" --pgdata "$dir/data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 \
        --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
    launch_somewhere "$dir"
    "$bin/psql" --quiet --no-psqlrc --host 127.0.0.1 --port "$(cat "$dir/port")" --username postgres --dbname template1 \
        --set ON_ERROR_STOP=1 --command 'create extension postgis' >&2
    address "$dir"
}

replicate() {
    local of dir bin
    bin=$(programs)
    of=$(cd "$1" && pwd)
    dir=$(folder "$2")
    as_server "$bin/pg_basebackup" --write-recovery-conf --checkpoint fast --no-sync --pgdata "$dir/data" \
        --host 127.0.0.1 --port "$(cat "$of/port")" --username postgres >&2
    launch_somewhere "$dir"
    address "$dir"
}

address() {
    echo "postgres://postgres@127.0.0.1:$(cat "$1/port")/postgres"
}

stop() {
    local dir=$1
    if [ -f "$dir/data/postmaster.pid" ]; then
        halt "$dir" || true
    fi
    rm -rf "$dir"
}

run() {
    local code=0
    dir=$(mktemp -d "${TMPDIR:-/tmp}/gridmap-postgres.XXXXXX")
    trap 'stop "$dir"' EXIT
    trap 'exit 130' INT TERM
    url=$(start "$dir")
    GRIDMAP_TEST_POSTGRES=$url "$@" || code=$?
    exit "$code"
}

case "${1:-}" in
    start) [ $# = 2 ] || { echo "usage: $0 start DIR" >&2; exit 2; }; start "$2" ;;
    halt) [ $# = 2 ] || { echo "usage: $0 halt DIR" >&2; exit 2; }; halt "$2" ;;
    resume) [ $# = 2 ] || { echo "usage: $0 resume DIR" >&2; exit 2; }; resume "$2" ;;
    replicate) [ $# = 3 ] || { echo "usage: $0 replicate OF DIR" >&2; exit 2; }; replicate "$2" "$3" ;;
    stop) [ $# = 2 ] || { echo "usage: $0 stop DIR" >&2; exit 2; }; stop "$2" ;;
    run) shift; [ $# -gt 0 ] || { echo "usage: $0 run COMMAND..." >&2; exit 2; }; run "$@" ;;
    *) echo "usage: $0 start DIR | halt DIR | resume DIR | replicate OF DIR | stop DIR | run COMMAND..." >&2; exit 2 ;;
esac
