#!/usr/bin/env bash
# Prints MYSQLD=... and MARIADBD=... for the test harness, installing on Debian (as root) what is missing.
# Elsewhere it fails and names what to set. Nothing is installed into the checkout.
set -euo pipefail

cache="${DBCONF_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbconf-test}"

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

apt_install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# MySQL proper is not in Debian stable. A minimal tree of the unstable suite is kept in the cache folder and its
# mysqld runs with that tree's own dynamic linker, without a chroot.
mysql_from_debian() {
    local tree="$cache/sid" wrapper="$cache/mysqld" arch loader lib
    if [ ! -x "$wrapper" ]; then
        apt_install debootstrap || return 1
        mkdir -p "$cache"
        rm -rf "$tree"
        debootstrap --variant=minbase --include=mysql-server-core sid "$tree" >&2 || return 1
        arch=$(uname -m)
        loader=$(find "$tree/usr/lib" "$tree/usr/lib64" -name "ld-linux*.so.*" 2>/dev/null | head -n 1)
        lib="$tree/usr/lib/$arch-linux-gnu"
        [ -n "$loader" ] || return 1
        cat >"$wrapper.new" <<WRAPPER
#!/bin/sh
# mysqld of the tree beside this file, with that tree's own dynamic linker.
[ "\$1" = --no-defaults ] && shift
exec "$loader" --library-path "$lib:$lib/mysql/private:$tree/usr/lib/mysql/private" "$tree/usr/sbin/mysqld" \\
    --no-defaults --lc-messages-dir="$tree/usr/share/mysql" "\$@"
WRAPPER
        chmod +x "$wrapper.new"
        "$wrapper.new" --version >&2 || return 1
        mv "$wrapper.new" "$wrapper"
    fi
    MYSQLD="$wrapper"
}

is_mariadb() { "$1" --version 2>/dev/null | grep -qi mariadb; }

MYSQLD="${MYSQLD:-$(command -v mysqld || true)}"
if [ -n "$MYSQLD" ] && is_mariadb "$MYSQLD"; then MYSQLD=""; fi
[ -n "$MYSQLD" ] || mysql_from_debian ||
    fail "no MySQL server: put mysqld (8.0 or later) on PATH, or set MYSQLD to its path"

MARIADBD="${MARIADBD:-$(command -v mariadbd || true)}"
if [ -z "$MARIADBD" ]; then
    apt_install mariadb-server-core || fail "no MariaDB server: put mariadbd (10.5 or later) on PATH, or set MARIADBD to its path"
    MARIADBD=$(command -v mariadbd) || fail "mariadb-server-core brought no mariadbd"
fi

printf 'MYSQLD=%s\nMARIADBD=%s\n' "$MYSQLD" "$MARIADBD"
