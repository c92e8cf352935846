"""Sends a file with an event a line to SlaMonitor. Python's standard library is all it needs.

    SLA_URL=http://127.0.0.1:5080 SLA_TOKEN=sla_… python3 send.py events.ndjson

It can be run again with the same file: what is stored already is recognised by source and id.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

ATTEMPTS = 10


def send(path, url, token=None):
    """Sends the file and returns the counts; waits and tries again where the server is full or away."""
    headers = {"Content-Type": "application/x-ndjson", "Content-Length": str(os.path.getsize(path))}
    if token:
        headers["Authorization"] = "Bearer " + token
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with open(path, "rb") as body:
                request = urllib.request.Request(url + "/events", data=body, headers=headers, method="POST")
                with urllib.request.urlopen(request, timeout=600) as answer:
                    return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503) or attempt == ATTEMPTS:
                raise
            wait = float(refused.headers.get("Retry-After") or 2**attempt)
        except OSError:
            # No connection, or it was lost: whether the events were stored is not known, and sending them again is safe.
            if attempt == ATTEMPTS:
                raise
            wait = 2**attempt
        time.sleep(min(wait, 60))


if __name__ == "__main__":
    try:
        print(json.dumps(send(sys.argv[1], os.environ.get("SLA_URL", "http://127.0.0.1:5080"), os.environ.get("SLA_TOKEN"))))
    except urllib.error.HTTPError as refused:
        problem = json.load(refused)
        print(problem["detail"], file=sys.stderr)
        for error in problem.get("errors", []):
            print("line {line}: {field} {reason}".format(**error), file=sys.stderr)
        sys.exit(1)
