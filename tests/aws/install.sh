#!/usr/bin/env bash
# Prints MOTO_SERVER=... for the test harness, after installing that server into the cache folder if it is not there.
# On Debian as root it installs what Python needs for that; elsewhere it fails and names what to set.
# Nothing is installed into the checkout.
set -euo pipefail

venv="${DBCONF_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbconf-test}/moto"

# The version whose behaviour the tests know, and versions of its dependencies that it has run with.
requirements=(
    "moto[server]==5.2.5"
    boto3==1.44.5
    botocore==1.44.5
    flask==3.1.3
    flask-cors==6.0.5
    responses==0.26.3
    werkzeug==3.1.9
)

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

# Asks the interpreter itself: an upgrade of the system's Python breaks an environment that was complete.
works() {
    [ "$(cat "$venv/installed" 2>/dev/null)" = "${requirements[*]}" ] &&
        [ -x "$venv/bin/moto_server" ] &&
        "$venv/bin/python" -c "import moto.server, moto.secretsmanager.responses" >&2
}

make_venv() {
    rm -rf "$venv"
    python3 -m venv "$venv" >&2
}

apt_install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# An environment cannot be moved, so it is made where it stays. What says that it is complete is written last.
install() {
    mkdir -p "$(dirname "$venv")"
    make_venv || { apt_install python3-venv && make_venv; } ||
        fail "python3 -m venv does not work: install Python 3.10 or later with venv, or set MOTO_SERVER to a moto_server"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "${requirements[@]}" >&2 ||
        fail "cannot install ${requirements[0]}; set MOTO_SERVER to the path of a moto_server"
    echo "${requirements[*]}" >"$venv/installed"
    works || fail "${requirements[0]} was installed, but does not run"
}

if [ -z "${MOTO_SERVER:-}" ]; then
    works || install
    MOTO_SERVER="$venv/bin/moto_server"
fi
"$MOTO_SERVER" --help >/dev/null || fail "$MOTO_SERVER does not run"

printf 'MOTO_SERVER=%s\n' "$MOTO_SERVER"
