#!/usr/bin/env bash
# Runs every example against a running broker and verifies what it prints.
#
#   examples/check.sh [amqp-url]        default: $AMQP_URL, else amqp://guest:guest@localhost:5672/
#   examples/check.sh amqp-url python   only the languages named, of: go/amqp091 go/streadway python java node
#                                       celery/5.4 celery/5.7 amqp10/python amqp10/go amqp10/node amqp10/java amqp10/jms
#
# Prints one line "PASS|FAIL|SKIP language/example" each, with the reason of a SKIP and the log of a FAIL. Exits non-zero
# if anything failed. Client libraries are fetched into a temporary directory, never into the checkout. It deletes the
# queues hello, tasks, rpc, jms and celery and the exchanges logs, direct_logs, topic_logs and Celery's own.
set -uo pipefail

WHOLE_SECONDS=1500  # for everything, fetching the client libraries included
STEP_SECONDS=60     # for one program; an example itself gives up after 30 s without a message
FETCH_SECONDS=180   # for fetching the libraries of one language

[[ ${CHECK_BOUNDED:-} ]] || CHECK_BOUNDED=1 exec timeout --foreground "$WHOLE_SECONDS" bash "$0" "$@"

export AMQP_URL=${1:-${AMQP_URL:-amqp://guest:guest@localhost:5672/}}
[[ $AMQP_URL =~ ^amqps?://[^/]*/$ ]] && AMQP_URL+=%2F    # to the Java client a bare "/" is the virtual host ""
export PYTHONDONTWRITEBYTECODE=1
[[ $# -gt 0 ]] && shift
LANGUAGES=("$@")
[[ $# -gt 0 ]] || LANGUAGES=(go/amqp091 go/streadway python java node celery/5.4 celery/5.7 amqp10/{python,go,node,java,jms})
HERE=$(cd "$(dirname "$0")" && pwd)
BUILD=$(mktemp -d)
trap 'rm -rf "$BUILD"' EXIT
trap 'exit 143' TERM INT

# --- The languages: prepare_X builds what run_X runs; 75 says that a toolchain or library cannot be had. ---

skip() { echo "$*" >&2; exit 75; }
need() { command -v "$1" >/dev/null || skip "no $1 on this machine"; }
fetch() { timeout "$FETCH_SECONDS" "$@" || skip "cannot fetch the client library"; }

prepare_go() {
    need go
    cd "$HERE/$1"
    fetch go mod download
    mkdir -p "$BUILD/$1"
    go build -buildvcs=false -o "$BUILD/$1/" ./...
}
run_go() { local language=$1 program=$2; shift 2; exec timeout "$STEP_SECONDS" "$BUILD/$language/$program" "$@"; }

prepare_python() {
    need python3
    python3 -m venv "$BUILD/venv" || skip "python3 has no venv"
    fetch "$BUILD/venv/bin/pip" install -q --disable-pip-version-check -r "$HERE/python/requirements.txt"
}
run_python() { local program=$2; shift 2; exec timeout "$STEP_SECONDS" "$BUILD/venv/bin/python" "$HERE/python/$program.py" "$@"; }

prepare_java() {
    need javac
    need mvn
    fetch mvn -q -B -f "$HERE/java/pom.xml" dependency:copy-dependencies -DoutputDirectory="$BUILD/java/lib"
    javac -Xlint:all -Werror -d "$BUILD/java" -cp "$BUILD/java/lib/*" "$HERE"/java/*.java
}
class_name() { sed -E 's/(^|_)(.)/\u\2/g' <<<"$1"; }    # hello_producer -> HelloProducer
run_java() {
    local class; class=$(class_name "$2"); shift 2
    exec timeout "$STEP_SECONDS" java -XX:TieredStopAtLevel=1 -cp "$BUILD/java:$BUILD/java/lib/*" "$class" "$@"
}

prepare_node() {
    need node
    need npm
    cp -R "$HERE/node" "$BUILD/node"    # modules are looked for beside the programs
    fetch npm install --prefix "$BUILD/node" --silent --no-audit --no-fund --no-package-lock
}
run_node() { local program=$2; shift 2; exec timeout "$STEP_SECONDS" node "$BUILD/node/$program.js" "$@"; }

prepare_celery() {
    need python3
    python3 -m venv "$BUILD/$1" || skip "python3 has no venv"
    fetch "$BUILD/$1/bin/pip" install -q --disable-pip-version-check -r "$HERE/celery/requirements-${1#*/}.txt"
}
run_celery() {
    local language=$1 program=$2; shift 2
    cd "$HERE/celery"
    case $program in
        worker) exec "$BUILD/$language/bin/celery" -A tasks worker --pool prefork --concurrency 2 --loglevel INFO ;;
        *) exec timeout "$STEP_SECONDS" "$BUILD/$language/bin/python" "$program.py" "$@" ;;
    esac
}

prepare_amqp10() {
    local at=$HERE/$1 to=$BUILD/$1
    mkdir -p "$BUILD/amqp10"
    case $1 in
        amqp10/python)
            need python3
            python3 -m venv "$to" || skip "python3 has no venv"
            fetch "$to/bin/pip" install -q --disable-pip-version-check -r "$at/requirements.txt"
            ;;
        amqp10/go) prepare_go "$1" ;;
        amqp10/node)
            need node
            need npm
            cp -R "$at" "$to"
            fetch npm install --prefix "$to" --silent --no-audit --no-fund --no-package-lock
            ;;
        amqp10/java | amqp10/jms)
            need javac
            need mvn
            fetch mvn -q -B -f "$at/pom.xml" dependency:copy-dependencies -DoutputDirectory="$to/lib"
            javac -Xlint:all,-classfile -Werror -d "$to" -cp "$to/lib/*" "$at"/*.java
            ;;
    esac
}
run_amqp10() {
    local language=$1 program=$2; shift 2
    case $language in
        amqp10/python) exec timeout "$STEP_SECONDS" "$BUILD/$language/bin/python" "$HERE/$language/$program.py" "$@" ;;
        amqp10/go) run_go "$language" "$program" "$@" ;;
        amqp10/node) exec timeout "$STEP_SECONDS" node "$BUILD/$language/$program.js" "$@" ;;
        amqp10/java | amqp10/jms) exec timeout "$STEP_SECONDS" java -XX:TieredStopAtLevel=1 -cp "$BUILD/$language:$BUILD/$language/lib/*" \
            "$(class_name "$program")" "$@" ;;
    esac
}

# The examples of a language.
examples() {
    case $1 in
        amqp10/jms) echo messages request_reply transactions subscriptions cleanup ;;
        amqp10/*) echo hello rpc cleanup ;;
        celery/*) echo add retries eta revoke inspect events cleanup ;;
        *) echo hello work pubsub routing topics rpc confirms cleanup ;;
    esac
}

# --- What the examples must say. ---

hello() {    # the producer first: the queue keeps what nobody has taken yet
    program hello_producer 3 | expect "sent hello "{1..3}
    start consumer hello_consumer 3
    finish consumer
    said consumer | expect "received hello "{1..3}
}

work() {    # two workers share ten tasks, five each
    start first work_worker 5
    start second work_worker 5
    program work_producer 10 | expect "sent task "{1..10}
    finish first
    finish second
    said first second | sort -V | expect "done task "{1..10}
}

pubsub() {    # every subscriber gets everything
    start first pubsub_subscriber 3
    start second pubsub_subscriber 3
    program pubsub_publisher 3 | expect "sent news "{1..3}
    finish first
    finish second
    said first | expect "received news "{1..3}
    said second | expect "received news "{1..3}
}

routing() {
    start errors routing_subscriber 2 error
    start everything routing_subscriber 4 info warning error
    program routing_publisher error info debug warning error | expect "sent "{error,info,debug,warning,error}
    finish errors
    finish everything
    said errors | expect "received "{error,error}": it happened"
    said everything | expect "received "{error,info,warning,error}": it happened"
}

topics() {    # "kern.end" matches everything but *.critical, so that each subscriber shows what it did not get before
    start words topics_subscriber 3 'kern.*'
    start prefix topics_subscriber 5 'kern.#'
    start both topics_subscriber 4 'kern.*' '*.critical'
    start everything topics_subscriber 6 '#'
    local topics=(kern kern.info cron.critical kern.critical kern.disk.critical kern.end)
    program topics_publisher "${topics[@]}" | expect "${topics[@]/#/sent }"
    finish words
    finish prefix
    finish both
    finish everything
    said words | expect "received kern."{info,critical,end}": it happened"
    said prefix | expect "received kern"{,.info,.critical,.disk.critical,.end}": it happened"
    said both | expect "received "{kern.info,cron.critical,kern.critical,kern.end}": it happened"
    said everything | sed 's/: it happened$//' | expect "${topics[@]/#/received }"
}

rpc() {
    start server rpc_server 4
    program rpc_client 0 1 10 30 |
        expect "fibonacci(0) = 0" "fibonacci(1) = 1" "fibonacci(10) = 55" "fibonacci(30) = 832040"
    finish server
    said server | expect "answered "{0,1,10,30}
}

confirms() {
    program confirms 100 | expect "confirmed 100" "returned lost: 312 NO_ROUTE"
}

cleanup() {
    program cleanup | expect "clean"
}

messages() {
    program setup | expect "ready"
    program send 4 | expect "sent message "{1..4}
    program browse | expect "there is message "{1..4}
    program select 2 | expect "selected message "{2,4}
    program receive 2 | expect "received message "{1,3}
}

request_reply() {
    program setup | expect "ready"
    program request_reply | expect "answered HELLO"
}

transactions() {
    program setup | expect "ready"
    program transacted | expect "took one" "took one again: true" "took two"
}

subscriptions() {
    program durable_subscriber | expect "heard one" "heard two" "unsubscribed"
    program subscribers | expect "alone heard sun and rain" "selecting heard rain" "the team heard both"
}

add() {
    worker
    program add 4 4 | expect "4 + 4 = 8"
}

retries() {
    worker
    program retries | expect "succeeded at attempt 3"
}

eta() {
    worker
    program eta 20 10 | expect "task for at once: done before" "on time: 20 of 20"
}

revoke() {
    worker
    program revoke | expect "scheduled: revoked" "active: terminated"
}

inspect() {
    worker
    program inspect_workers | expect "ping: ['pong']" "active: ['tasks.sleep']"
}

events() {
    worker
    program events | sed 's/^task-sent //' | expect "task-received task-started task-succeeded"
}

# --- The words used above. ---

declare -A pid=() output=()    # of the consumers in the background, by label

# program NAME ARG...: runs a program of the current language to its end.
program() { ("run_${LANGUAGE%%/*}" "$LANGUAGE" "$@"); }

# start LABEL NAME ARG...: runs a consumer in the background; returns when it says that it is waiting.
start() {
    local label=$1 fd first; shift
    exec {fd}< <("run_${LANGUAGE%%/*}" "$LANGUAGE" "$@")
    pid[$label]=$! output[$label]=$fd
    read -r -t "$STEP_SECONDS" -u "$fd" first || { echo "$*: never said that it is waiting"; return 1; }
    [[ $first == waiting ]] || { echo "$*: said '$first' instead of 'waiting'"; return 1; }
}

# worker: runs a Celery worker in the background; returns when it says that it is ready.
worker() {
    local said=$BUILD/said.worker
    ("run_${LANGUAGE%%/*}" "$LANGUAGE" worker) >"$said" 2>&1 &
    pid[worker]=$!
    local i
    for ((i = 0; i < 10 * STEP_SECONDS; i++)); do
        ! grep -q ' ready\.$' "$said" || return 0
        kill -0 "${pid[worker]}" 2>/dev/null || break
        sleep 0.1
    done
    echo "the worker never said that it is ready, but:"
    cat "$said"
    return 1
}

# finish LABEL: waits for a consumer, which must end well.
finish() {
    cat <&"${output[$1]}" >"$BUILD/said.$1"
    wait "${pid[$1]}" || { echo "$1: ended with code $? after saying:"; cat "$BUILD/said.$1"; return 1; }
}

# said LABEL...: what finished consumers printed after "waiting".
said() { (cd "$BUILD" && cat "${@/#/said.}"); }

# expect LINE...: standard input is exactly these lines.
expect() { diff --label expected --label printed -u <(printf '%s\n' "$@") -; }

# quit: no consumer of an example outlives it, to take the messages of the next one.
quit() {
    [[ ${#pid[@]} -eq 0 ]] || kill "${pid[@]}" 2>/dev/null || true
    wait
}

# --- Run them. ---

failed=0
for LANGUAGE in "${LANGUAGES[@]}"; do
    log=$BUILD/log
    (set -e; "prepare_${LANGUAGE%%/*}" "$LANGUAGE") >"$log" 2>&1
    case $? in
        0) verdict= ;;
        75) verdict=SKIP ;;
        *) verdict=FAIL failed=1 ;;
    esac
    if [[ $verdict ]]; then
        for example in $(examples "$LANGUAGE"); do echo "$verdict $LANGUAGE/$example: $(tail -n 1 "$log")"; done
        [[ $verdict == SKIP ]] || sed 's/^/    /' "$log"
        continue
    fi
    program cleanup >/dev/null 2>&1
    for example in $(examples "$LANGUAGE"); do
        (set -e; trap quit EXIT; "$example") >"$log" 2>&1
        if [[ $? -eq 0 ]]; then
            echo "PASS $LANGUAGE/$example"
        else
            failed=1
            echo "FAIL $LANGUAGE/$example"
            sed 's/^/    /' "$log"
        fi
    done
done
exit "$failed"
