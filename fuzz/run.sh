#!/usr/bin/env bash
# Runs the fuzz targets, each for some seconds, and prints the executions per second of each: fuzz/run.sh [-j JOBS] [SECONDS] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")"

jobs=1
while getopts j: option; do
    case $option in
    j) jobs=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
seconds=${1:-600}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(cargo fuzz list)
fi

# The files that the targets write are outside of any git work tree, so that git is not asked, and in memory where that can be had.
scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" dbconf-fuzz.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

# Without a sanitizer a stable toolchain will do, and the crate has no unsafe code that one would look at.
cargo fuzz build --sanitizer none

# A path in an input that is no absolute one is looked for in an empty directory.
mkdir "$scratch/empty"
binaries=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
binaries=$binaries/$(rustc -vV | sed -n 's/^host: //p')/release

fuzz() {
    local target=$1 dictionary=() corpus=$PWD/corpus/$1
    mkdir -p "$corpus" "artifacts/$target"
    [ -f "dict/$target.dict" ] && dictionary=(-dict="$PWD/dict/$target.dict")
    local artifacts=$PWD/artifacts/$target/ seeds=$PWD/../tests/fuzz_regressions/$target
    (
        cd "$scratch/empty"
        "$binaries/$target" "$corpus" "$seeds" "${dictionary[@]}" -artifact_prefix="$artifacts" \
            -max_total_time="$seconds" -timeout=10 -print_final_stats=1
    ) >"$scratch/$target.log" 2>&1 && echo ok >"$scratch/$target.end" || echo FAILED >"$scratch/$target.end"
}

running=0
for target in "${targets[@]}"; do
    if [ "$running" -ge "$jobs" ]; then
        wait -n
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
wait

status=0
printf '%-10s %-7s %12s %8s %9s %7s\n' target outcome executions per_s coverage corpus
for target in "${targets[@]}"; do
    log=$scratch/$target.log
    outcome=$(<"$scratch/$target.end")
    stat() { LC_ALL=C sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
    last=$(grep -aE '^#[0-9]+.* cov: ' "$log" | tail -n 1 || true)
    coverage=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' <<<"$last")
    corpus=$(sed -n 's/.* corp: \([0-9]*\).*/\1/p' <<<"$last")
    printf '%-10s %-7s %12s %8s %9s %7s\n' "$target" "$outcome" \
        "$(stat number_of_executed_units)" "$(stat average_exec_per_sec)" "$coverage" "$corpus"
    if [ "$outcome" != ok ]; then
        status=1
        grep -avE '^(#|NEW_FUNC|INFO)' "$log" | tail -n 60
    fi
done
exit "$status"
