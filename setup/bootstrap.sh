#!/bin/sh
# Set up this folder: Python environment, front end. Safe to run at any time, twice, or at once.
#
# Fast when nothing changed: a stamp holds the checksum of all that set-up depends on, and is
# written last, so that a set-up which was cut short starts again from nothing.
set -eu

cd "$(dirname "$0")/.."
umask 022
here=$(pwd)
log=.tools/setup.log
venv_stamp=.venv/.countersign-stamp
build_stamp=build/.countersign-stamp

say() { printf '%s\n' "$*" >&2; }
refuse() { say "$*"; exit 1; }

# What each half of set-up depends on. A moved folder breaks a virtual environment: its path counts.
python_inputs() {
    { echo "$here"; cat requirements-dev.txt requirements-uv.txt requirements-node.txt setup/bootstrap.sh; } | cksum
}
front_inputs() {
    { echo "$here"; find package.json package-lock.json .npmrc static/src -type f |
        LC_ALL=C sort | while IFS= read -r file; do echo "$file"; cat "$file"; done; } | cksum
}
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
python_ready() { stamped "$venv_stamp" "$(python_inputs)" && .venv/bin/python -c '' 2>/dev/null; }
front_ready() { stamped "$build_stamp" "$(front_inputs)"; }

if [ "${1:-}" != --locked ] && python_ready && front_ready; then exit 0; fi

# A Python that fits: running it is the test, because version managers leave shims that only fail.
fits='import sys, fcntl; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'
find_python() {
    set -- python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 \
        /usr/local/bin/python3 "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/3.1[1-4].*/bin/python
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; fi
    without_venv=
    for candidate in "$@"; do
        "$candidate" -c "$fits" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
        without_venv=$candidate
    done
    if [ -n "$without_venv" ]; then
        refuse "$without_venv has no venv module: install it (on Debian and Ubuntu: apt-get install python3-venv) and try again."
    fi
    if [ -n "${PYTHON:-}" ]; then
        refuse "PYTHON is $PYTHON, which is not a Python 3.11, 3.12, 3.13 or 3.14 that runs: name another, or leave PYTHON unset to have one looked for."
    fi
    refuse "Countersign needs Python 3.11, 3.12, 3.13 or 3.14, and none was found that runs: install one (on Debian and Ubuntu: apt-get install python3 python3-venv), or name one: make run PYTHON=/path/to/python3."
}

mkdir -p .tools 2>/dev/null && [ -w .tools ] ||
    refuse "$here may not be written by you: run make as its owner, or make a copy of the project that is yours."

if [ "${1:-}" != --locked ]; then
    python=$(find_python) || exit 1
    # The lock is the kernel's: it ends with whoever holds it, also after kill -9.
    exec "$python" -c '
import fcntl, os, sys
handle = os.open(".tools/setup.lock", os.O_RDWR | os.O_CREAT, 0o644)
try:
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another set-up works in this folder; waiting for it to end.", file=sys.stderr, flush=True)
    fcntl.flock(handle, fcntl.LOCK_EX)
os.set_inheritable(handle, True)
os.execv("/bin/sh", ["sh", "setup/bootstrap.sh", "--locked", sys.argv[1]])
' "$python"
fi
python=$2

# Run a step quietly; keep what it says in the log.
step() { printf '\n$ %s\n' "$*" >>"$log"; "$@" >>"$log" 2>&1 </dev/null; }

set_up_python() {
    # Without a stamp an environment is half made, or not ours: only a whole one is worth keeping.
    whole=; [ -f "$venv_stamp" ] && .venv/bin/python -c "$fits" 2>/dev/null && whole=yes
    rm -f "$venv_stamp"
    [ -n "$whole" ] || rm -rf .venv
    say "Setting up Python packages (the first time takes about half a minute)."
    [ -d .venv ] || step "$python" -m venv .venv || {
        rm -rf .venv
        refuse "$python could not make a virtual environment (see $here/$log): on Debian and Ubuntu, apt-get install python3-venv."
    }
    # Certificates of the system, as pip uses them; never a Python from the network.
    export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
    if step .venv/bin/python -m pip install --require-hashes -r requirements-uv.txt &&
        step .venv/bin/uv pip sync --require-hashes --python .venv/bin/python requirements-dev.txt; then
        :
    elif ! step .venv/bin/python -m pip install --require-hashes -r requirements-dev.txt; then
        refuse "The Python packages could not be fetched: check that this machine reaches a package index, then try again (what was tried: $here/$log)."
    fi
    python_inputs >"$venv_stamp"
}

find_npm() {
    # A version manager's shim may stand on the PATH and fail: running it is the test.
    if npm --version >/dev/null 2>&1 &&
        node -e 'process.exit(+(parseInt(process.versions.node) < 18))' >/dev/null 2>&1; then
        return
    fi
    PATH="$here/.venv/bin:$PATH"
    export PATH
    # An npm inside .venv would look for the machine's settings there.
    if [ -f /etc/npmrc ]; then export NPM_CONFIG_GLOBALCONFIG=/etc/npmrc; fi
    [ -x .venv/bin/npm ] && .venv/bin/npm --version >/dev/null 2>&1 && return
    say "No Node.js was found; fetching one into .venv (about a quarter of a minute)."
    if step .venv/bin/uv pip install --require-hashes --python .venv/bin/python -r requirements-node.txt ||
        step .venv/bin/python -m pip install --require-hashes -r requirements-node.txt; then
        return
    fi
    refuse "Node.js could not be fetched: install it with npm (on Debian and Ubuntu: apt-get install npm) and try again (what was tried: $here/$log)."
}

# Node.js brings certificates of its own; let it trust what the rest of the machine trusts.
trust_the_system() {
    [ -z "${NODE_EXTRA_CA_CERTS:-}" ] || return 0
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        if [ -f "$bundle" ]; then export NODE_EXTRA_CA_CERTS="$bundle"; return 0; fi
    done
}

set_up_front() {
    rm -f "$build_stamp"
    trust_the_system
    find_npm
    say "Building the front end."
    step npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=2000 ||
        refuse "The front end's packages could not be fetched: check that this machine reaches a package registry, then try again (what was tried: $here/$log)."
    step npm run build ||
        refuse "The front end could not be built: the reason is at the end of $here/$log."
    front_inputs >"$build_stamp"
}

: >"$log"
python_ready || set_up_python
front_ready || set_up_front
