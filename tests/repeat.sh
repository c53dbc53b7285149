#!/usr/bin/env bash
# Runs the tests again and again and counts: a suite that fails by chance shows it here.
#
#   tests/repeat.sh [-n RUNS] [-l LOOPS] [-- ARGUMENTS OF CARGO TEST]
#
# RUNS times (10 if not said), next to LOOPS endless loops (none if not said) that fight for the processor. Examples:
#
#   tests/repeat.sh -n 10 -l 2                      the whole suite alongside two loops
#   tests/repeat.sh -n 50 -- --test page            the pages in a browser
#   tests/repeat.sh -n 20 -- --test promises -- http_contract
#
# One line a run in target/repeat/DATE/runs.txt: when it ended, seconds, tests passed and failed, names of those that failed;
# what a failed run said is kept next to it. Ends with a summary, and with 1 if any run failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=10 loops=0
while getopts n:l: option; do
    case $option in
        n) runs=$OPTARG ;;
        l) loops=$OPTARG ;;
        *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))

folder=target/repeat/$(date +%Y%m%dT%H%M%S)
mkdir -p "$folder"
command=(cargo test --locked --workspace --no-fail-fast "$@")

# Built beforehand, so that no run counts the compiler.
build=()
for argument in "$@"; do
    [ "$argument" != -- ] || break
    build+=("$argument")
done
cargo test --locked --workspace --no-run "${build[@]}" || exit 1

loop_ids=()
end_loops() {
    [ "${#loop_ids[@]}" -eq 0 ] || kill "${loop_ids[@]}" 2>/dev/null
}
trap end_loops EXIT
trap 'exit 130' INT TERM
script=$$
for ((number = 0; number < loops; number++)); do
    # Also ends by itself when the script is gone.
    (
        trap - EXIT
        while kill -0 "$script" 2>/dev/null; do
            for ((turn = 0; turn < 200000; turn++)); do :; done
        done
    ) &
    loop_ids+=($!)
done

failed_runs=0 seconds=()
for ((run = 1; run <= runs; run++)); do
    said=$folder/run-$run.txt
    began=$SECONDS
    # One that hangs has failed.
    timeout 3600 "${command[@]}" >"$said" 2>&1 </dev/null
    code=$?
    took=$((SECONDS - began))
    seconds+=("$took")
    passed=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$said")
    failed=$(awk '/^test result:/ { sum += $6 } END { print sum + 0 }' "$said")
    names=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$said" | sort -u | tr '\n' ' ')
    if [ "$code" -ne 0 ]; then
        failed_runs=$((failed_runs + 1))
        names=${names:-exit code $code, see $said}
    else
        rm "$said"
    fi
    printf '%s  run %s of %s  %s s  passed %s  failed %s  %s\n' \
        "$(date '+%F %T')" "$run" "$runs" "$took" "$passed" "$failed" "$names" | tee -a "$folder/runs.txt"
done

sorted=($(printf '%s\n' "${seconds[@]}" | sort -n))
printf '%s runs next to %s loops: %s failed; %s to %s s, median %s s; %s\n' "$runs" "$loops" "$failed_runs" \
    "${sorted[0]}" "${sorted[-1]}" "${sorted[$((${#sorted[@]} / 2))]}" "$folder/runs.txt" | tee -a "$folder/runs.txt"
[ "$failed_runs" -eq 0 ]
