# shellcheck shell=bash
# Sourced first by every script in this folder: messages, and running things so that nothing outlives the run.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

say() { printf '==> %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Everything started after this call carries KITH_RUN in its environment. That mark finds what a process group
# does not: processes that moved to a group or session of their own, as browsers and test runners do.
# A run inside a run extends the mark, so the outer one still sees everything.
begin_run() {
    export KITH_RUN="${KITH_RUN:+$KITH_RUN/}$$-$RANDOM"
    trap 'end_run $?' EXIT
    trap 'interrupt 129' HUP
    trap 'interrupt 130' INT
    trap 'interrupt 143' TERM
}

# Only the first signal counts: another one must not cut the cleaning up short.
interrupt() {
    trap '' HUP INT TERM
    exit "$1"
}

# A script that has more to stop or to delete defines this after sourcing.
clean_up() { :; }

end_run() {
    trap '' HUP INT TERM
    set +e
    stop_group
    clean_up
    stop_leftovers
    exit "$1"
}

# Runs a command in a process group of its own and waits for it. Waiting, unlike running in the foreground, lets
# a signal to this script be answered at once.
group=
run_group() {
    local status=0
    set -m
    "$@" </dev/null &
    group=$!
    set +m
    wait "$group" || status=$?
    group=
    return "$status"
}

# Shows a command's output and keeps it in "$folder" under a name. tee ends with the command and not at a signal, because
# a command that is being stopped still writes.
logged() { "${@:2}" 2>&1 | (trap '' HUP INT TERM && exec tee "$folder/$1.log"); }

stop_group() {
    [[ -n $group ]] || return 0
    kill -TERM -- "-$group" 2>/dev/null
    wait_until group_is_gone || kill -KILL -- "-$group" 2>/dev/null
    group=
}

group_is_gone() { ! kill -0 -- "-$group" 2>/dev/null; }

# Repeats a check for up to 15 seconds.
wait_until() {
    for _ in {1..150}; do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

# The mark is taken out of this function's own processes, or it would find itself.
leftovers() (
    run=$KITH_RUN
    unset KITH_RUN
    grep -lzs "^KITH_RUN=$run\(/\|\$\)" /proc/[0-9]*/environ | cut -d/ -f3
)

nothing_is_left() { [[ -z $(leftovers) ]]; }

# Prints what is left and is false when something is. What is just exiting gets a moment to do so.
expect_no_leftovers() {
    wait_until nothing_is_left && return 0
    echo "These processes are still running:" >&2
    local pid
    for pid in $(leftovers); do
        printf '  %s  %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-150)" >&2
    done
    return 1
}

stop_leftovers() {
    local pids
    mapfile -t pids < <(leftovers)
    ((${#pids[@]})) || return 0
    kill -TERM "${pids[@]}" 2>/dev/null
    wait_until nothing_is_left && return 0
    mapfile -t pids < <(leftovers)
    kill -KILL "${pids[@]}" 2>/dev/null
}

# The first PostgreSQL server of version 15 or later, as its folder of programs. False when there is none.
postgres_programs() {
    local folder version
    for folder in /usr/lib/postgresql/*/bin; do
        version=${folder#/usr/lib/postgresql/}
        version=${version%/bin}
        if [[ $version =~ ^[0-9]+$ ]] && ((version >= 15)) && [[ -x $folder/initdb && -x $folder/postgres ]]; then
            echo "$folder"
            return
        fi
    done
    return 1
}

# The browser for the journeys: KITH_CHROMIUM, or the first one found. False when there is none.
chromium_program() {
    local program
    # The last one is Playwright's own, newest first, where scripts/setup found no other way.
    for program in "${KITH_CHROMIUM:-}" /usr/bin/chromium /usr/bin/google-chrome /snap/bin/chromium \
        $(printf '%s\n' "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-}/.cache/ms-playwright}"/chromium-*/chrome-linux*/chrome |
            sort --version-sort --reverse); do
        if [[ -n $program && -x $program ]]; then
            echo "$program"
            return
        fi
    done
    return 1
}
