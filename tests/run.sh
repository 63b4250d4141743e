#!/usr/bin/env bash
# Runs every test, against real servers. On Debian as root it installs what is missing; elsewhere it says what to set.
set -euo pipefail
cd "$(dirname "$0")/.."

servers=$(tests/servers/install.sh && tests/aws/install.sh)
while IFS='=' read -r name path; do export "$name=$path"; done <<<"$servers"

cargo test --all-features --locked -- --include-ignored
# Each feature is additive: without any, the crate still loads and renders URLs.
cargo test --no-default-features --locked --tests --examples -- --include-ignored
