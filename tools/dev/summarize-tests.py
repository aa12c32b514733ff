#!/usr/bin/env python3
"""Prints what was skipped and, last, `N passed, N failed` for a result file of lit. Exit status 1 if any failed."""
import collections
import json
import sys

GOOD = {"PASS", "XFAIL", "FLAKYPASS"}
NEUTRAL = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main():
    with open(sys.argv[1]) as results:
        tests = json.load(results)["tests"]
    counts = collections.Counter()
    for test in tests:
        code = test["code"]
        kind = "passed" if code in GOOD else "skipped" if code in NEUTRAL else "failed"
        counts[kind] += 1
        if code == "UNSUPPORTED":
            print(f"skipped: {test['name'].split(' :: ')[-1]}: {(test['output'].strip().splitlines() or [''])[-1]}")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
