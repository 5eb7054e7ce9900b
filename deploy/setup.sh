#!/usr/bin/env bash
# Installs what the portal needs into the clone: Python packages in .venv, front-end packages in
# node_modules, and system libraries where they are missing. Says what it does; asks nothing.
# Usage: setup.sh run|test
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}
lock=requirements.lock
[ "$purpose" = test ] && lock=requirements-dev.lock

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1; fi
}

# install the Debian packages named, or say which are missing and stop
need_packages() {
    local why=$1; shift
    say "Cài thêm gói hệ thống cho $why: $*"
    if command -v apt-get >/dev/null; then
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; then return 0; fi
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 \
            && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then return 0; fi
    fi
    say "Thiếu gói hệ thống ($why): $*"
    say "Nhờ người quản trị máy chạy: apt-get install $*"
    exit 1
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    need_packages "Python 3.11 trở lên" python3 python3-venv
    python=$(command -v python3)
fi
if [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    need_packages "môi trường Python" python3-venv
fi
if ! command -v npm >/dev/null; then need_packages "gói giao diện" nodejs npm; fi
if ! has_library libpangoft2-1.0.so.0 || ! has_library libharfbuzz-subset.so.0; then
    need_packages "tạo tệp PDF" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
fi
if [ "$(id -u)" = 0 ] && ! { command -v unshare && command -v setpriv; } >/dev/null; then
    need_packages "chạy PostgreSQL" util-linux
fi

# a stamp holds the hash of the lock it was made from: a second run does nothing
stamp_is_fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

wanted=$(cat "$lock" | sha256sum | cut -c1-64)
done_dev=$(sha256sum < requirements-dev.lock | cut -c1-64)
stamp=.venv/.installed
if ! stamp_is_fresh $stamp "$wanted" && ! stamp_is_fresh $stamp "$done_dev"; then
    say "Cài gói Python vào .venv (lần đầu mất một hai phút)…"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    log=.venv/install.log
    if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock" >$log 2>&1; then
        tail -n 20 $log >&2
        say "Không cài được gói Python. Kiểm tra kết nối mạng rồi chạy lại."
        exit 1
    fi
    printf '%s' "$wanted" > $stamp
fi

wanted=$(sha256sum < package-lock.json | cut -c1-64)
if ! stamp_is_fresh node_modules/.installed "$wanted"; then
    say "Cài gói giao diện vào node_modules…"
    npm ci --silent --no-audit --no-fund >&2 || { say "Không cài được gói giao diện. Kiểm tra kết nối mạng rồi chạy lại."; exit 1; }
    printf '%s' "$wanted" > node_modules/.installed
fi

if [ "$purpose" = test ]; then
    missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v pdfsig >/dev/null || missing+=(poppler-utils)
    command -v softhsm2-util >/dev/null || missing+=(softhsm2)
    if [ ${#missing[@]} -gt 0 ]; then need_packages "kiểm thử" "${missing[@]}"; fi
fi
