#!/usr/bin/env bash
# Sends a file with an event a line, and waits and tries again where the server is full or away. It can be run again with
# the same file: what is stored already is recognised by source and id.
#   SLA_URL=http://127.0.0.1:5080 SLA_TOKEN=sla_… ./send.sh events.ndjson
set -euo pipefail

# Not on the command line, which other users of the machine can read.
token() { [ -z "${SLA_TOKEN:-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$SLA_TOKEN"; }

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
status=0
curl --config <(token) --silent --show-error --fail-with-body --retry 10 --retry-max-time 300 --retry-connrefused --output "$answer" \
    --request POST --header 'Content-Type: application/x-ndjson' --header 'Expect:' --upload-file "$1" "${SLA_URL:-http://127.0.0.1:5080}/events" || status=$?
# Of several attempts the last one counts.
cat "$answer"
exit "$status"
