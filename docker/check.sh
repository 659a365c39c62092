#!/usr/bin/env bash
# Builds the image of docker/Dockerfile and tries it out: read-only, without root, without
# capabilities; confirmed messages through a published port survive "docker kill" and "docker stop".
#
#   docker/check.sh [ARCHIVE]     the archive that ./package makes, made if not given
#
# Needs root only where no engine runs yet: it then starts a dockerd of its own and stops it again.
# Exit status 77 where there is no engine and none can be started.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$root/target/docker
base=eclipse-temurin:25-jre
image=chasqui
name=chasqui-check-$$
port=${CHASQUI_CHECK_PORT:-5672}
messages=1000
url=amqp://check:check-$$@127.0.0.1:$port
engine=
bridge=$([ ! -e /sys/class/net/docker0 ] || echo there)

say() { echo "check: $*" >&2; }
fail() { say "FAILED: $*"; exit 1; }
skip() { say "SKIP: $*"; exit 77; }
ms() { date +%s%3N; }

cleanup() {
    status=$?
    if [ $status -ne 0 ] && [ $status -ne 77 ]; then docker logs "$name" 2>&1 | tail -n 20 >&2 || true; fi
    docker rm -f "$name" >/dev/null 2>&1 || true
    docker volume rm "$name" >/dev/null 2>&1 || true
    if [ -n "$engine" ]; then
        kill "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
        rm -rf "$work/exec" "$work/docker.sock"
        [ -n "$bridge" ] || ip link delete docker0 2>/dev/null || true
    fi
}
trap cleanup EXIT

# -- an engine

start_engine() {
    command -v docker >/dev/null || skip "there is no docker command"
    if docker info >/dev/null 2>&1; then return; fi
    command -v dockerd >/dev/null || skip "no Docker engine runs, and there is no dockerd to start"
    [ "$(id -u)" = 0 ] || skip "no Docker engine runs, and only root can start one"
    mkdir -p "$work"
    export DOCKER_HOST=unix://$work/docker.sock
    say "starting a dockerd of its own, in $work"
    dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" \
        --host "$DOCKER_HOST" --iptables=false --ip-masq=false --userland-proxy=true \
        >"$work/dockerd.log" 2>&1 &
    engine=$!
    for _ in $(seq 300); do
        if docker info >/dev/null 2>&1; then return; fi
        kill -0 "$engine" 2>/dev/null || break
        sleep 0.1
    done
    skip "dockerd did not start: $(tail -n 1 "$work/dockerd.log")"
}

# -- the image it is built on, pulled, or made here where there is no registry

base_image() {
    if docker image inspect "$base" >/dev/null 2>&1; then return; fi
    if timeout 120 docker pull -q "$base" >/dev/null 2>&1; then return; fi
    command -v debootstrap >/dev/null ||
        skip "$base can neither be pulled nor, for want of debootstrap, be made here"
    say "$base cannot be pulled; making one that is like it"
    . "$root/broker-server/src/dist/bin/find-jdk.sh"
    find_jdk
    if [ ! -f "$work/base.complete" ]; then
        rm -rf "$work/base"
        debootstrap --variant=minbase "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/base" \
            >"$work/debootstrap.log" 2>&1 || skip "debootstrap failed, see $work/debootstrap.log"
        touch "$work/base.complete"
    fi
    rm -rf "$work/base/opt/java"
    mkdir -p "$work/base/opt/java"
    cp -R "$CHASQUI_JAVA" "$work/base/opt/java/openjdk"
    rm -rf "$work"/base/opt/java/openjdk/{jmods,lib/src.zip}
    tar -C "$work/base" -c . | docker import -c 'ENV JAVA_HOME=/opt/java/openjdk' \
        -c 'ENV PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        - "$base" >/dev/null
}

build() {
    context=$work/context
    rm -rf "$context"
    mkdir -p "$context"
    cp "$1" "$context/"
    DOCKER_BUILDKIT=0 docker build -q --build-arg "ARCHIVE=$(basename "$1")" -f "$root/docker/Dockerfile" \
        -t "$image" "$context" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "docker build"; }
}

# -- trying it out

run() {
    docker run -d --name "$name" --read-only --tmpfs /tmp:exec --cap-drop ALL \
        --security-opt no-new-privileges --memory 768m -p "127.0.0.1:$port:5672" -v "$name:/var/lib/chasqui" \
        -e CHASQUI_DEFAULT_USER=check -e "CHASQUI_DEFAULT_PASS=check-$$" "$image" >/dev/null
}

# Waits for the line that begins with "ready", which tells how long the start took.
await_ready() {
    for _ in $(seq 600); do
        if docker logs --since "$1" "$name" 2>&1 | grep -q '^ready'; then
            say "$2: $(docker logs --since "$1" "$name" 2>&1 | grep '^ready' | tail -n 1)"
            return
        fi
        sleep 0.1
    done
    fail "$2: not ready"
}

await_healthy() {
    for _ in $(seq 600); do
        [ "$(docker inspect -f '{{.State.Health.Status}}' "$name")" != healthy ] || return 0
        sleep 0.1
    done
    fail "not healthy: $(docker inspect -f '{{json .State.Health}}' "$name")"
}

chasqui() { "$root/target/dist/bin/chasqui" "$@"; }

# From the host, through the published port; ends well only if every message was confirmed.
publish() { chasqui publish --url "$url" --declare --persistent --count "$messages" check "$1"; }

expect() {
    found=$(chasqui consume --url "$url" --count "$2" --timeout 30 check | grep -c "^$1\$" || true)
    [ "$found" = "$2" ] || fail "$found of $2 messages '$1' are there"
    say "all $2 messages '$1' are there"
}

start_engine
mkdir -p "$work"
archive=${1:-}
[ -n "$archive" ] || archive=$("$root/package")
[ -x "$root/target/dist/bin/chasqui" ] || "$root/run" --build-only
base_image
build "$archive"
say "image: $(($(docker image inspect -f '{{.Size}}' "$image") / 1000000)) MB," \
    "of which the base $(($(docker image inspect -f '{{.Size}}' "$base") / 1000000)) MB"

since=$(date +%s)
started=$(ms)
run
await_ready "$since" "first start"
say "ready $(($(ms) - started)) ms after docker run"
await_healthy
say "healthy, as $(docker exec "$name" id -u):$(docker exec "$name" id -g)"
started=$(ms)
docker exec "$name" chasqui health
say "chasqui health took $(($(ms) - started)) ms, docker exec included"

publish killed
docker kill "$name" >/dev/null
say "killed"
since=$(date +%s)
docker start "$name" >/dev/null
await_ready "$since" "start after docker kill"
expect killed "$messages"

publish stopped
started=$(ms)
docker stop -t 30 "$name" >/dev/null
status=$(docker inspect -f '{{.State.ExitCode}}' "$name")
[ "$status" = 0 ] || fail "exit status $status after docker stop"
say "docker stop took $(($(ms) - started)) ms, exit status 0"
since=$(date +%s)
docker start "$name" >/dev/null
await_ready "$since" "start after docker stop"
expect stopped "$messages"
docker stop -t 30 "$name" >/dev/null
say "OK"
