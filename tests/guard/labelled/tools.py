#!/usr/bin/env python3
"""Work with the labelled cases next to this file (standard library only).

    tools.py check
        Checks the format: JSON, keys, unique ids, no duplicated case.
    tools.py show [--part tuning|held-out|all]
        Prints cases; without --part only the tuning part.
    tools.py write DIR [--part all|tuning|held-out]
        Writes every case as DIR/<id>/<file>. DIR must not exist or be empty.
        Keep it outside a repository whose ignore rules would hide files.
    tools.py score DIR [--detect-secrets FINDINGS.json] [--ripsecrets OUTPUT.txt]
                       [--errors]
        Precision and recall per part. A case counts as found when there is at
        least one finding in its file. --errors lists the wrong verdicts of the
        tuning part; the held-out part is never listed.

Findings are produced inside DIR:

    detect-secrets scan --all-files --no-verify . > ../detect-secrets.json
    ripsecrets . > ../ripsecrets.txt      (exits with 1 when it finds something)

A walk of ripsecrets passes over dot files; to have them read too, name every
file: find . -type f -print0 | xargs -0 ripsecrets > ../ripsecrets.txt
"""

import argparse
import hashlib
import json
import pathlib
import re
import sys

CASES = pathlib.Path(__file__).resolve().parent / "cases.jsonl"
KEYS = {"id": str, "file": str, "secret": bool, "text": str, "source": str, "why": str}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def held_out(case_id):
    return hashlib.sha256(case_id.encode("utf-8")).digest()[0] % 3 == 0


def load(part="all"):
    cases = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        cases.append(json.loads(line))
    if part == "tuning":
        return [c for c in cases if not held_out(c["id"])]
    if part == "held-out":
        return [c for c in cases if held_out(c["id"])]
    return cases


def check():
    problems = []
    ids, texts = set(), set()
    cases = load()
    for number, case in enumerate(cases, 1):
        where = "line %d (%s)" % (number, case.get("id"))
        if set(case) != set(KEYS):
            problems.append(where + ": keys")
            continue
        for key, kind in KEYS.items():
            if type(case[key]) is not kind or case[key] == "":
                problems.append("%s: %s" % (where, key))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case["id"]):
            problems.append(where + ": id is not kebab-case")
        path = pathlib.PurePosixPath(case["file"])
        if path.is_absolute() or ".." in path.parts:
            problems.append(where + ": file leaves its directory")
        if case["id"] in ids:
            problems.append(where + ": id is not unique")
        text = " ".join(case["text"].split())
        if text in texts:
            problems.append(where + ": text is not unique")
        ids.add(case["id"])
        texts.add(text)
    flags = [held_out(c["id"]) for c in cases]
    if flags != sorted(flags):
        problems.append("the held-out cases are not the last lines")
    for problem in problems:
        print(problem)
    for part in ("all", "tuning", "held-out"):
        chosen = load(part)
        secret = sum(c["secret"] for c in chosen)
        print("%-8s %4d cases, %4d secret, %4d clean" % (part, len(chosen), secret, len(chosen) - secret))
    print("%d different file names" % len({c["file"] for c in cases}))
    return 1 if problems else 0


def show(part):
    for case in load(part):
        print(json.dumps(case, ensure_ascii=False))
    return 0


def write(directory, part):
    root = pathlib.Path(directory)
    if root.exists() and any(root.iterdir()):
        print("not empty: %s" % root, file=sys.stderr)
        return 2
    cases = load(part)
    for case in cases:
        path = root / case["id"] / case["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(case["text"] + "\n", encoding="utf-8", newline="")
    print("%d cases" % len(cases))
    return 0


def case_of(path, root, ids):
    """The id of the case a reported path belongs to, or None."""
    path = path.replace("\\", "/")
    prefix = str(root).replace("\\", "/").rstrip("/") + "/"
    if path.startswith(prefix):
        path = path[len(prefix):]
    while path.startswith("./"):
        path = path[2:]
    for piece in path.split("/"):
        if piece in ids:
            return piece
    return None


def found_by_detect_secrets(name, root, ids):
    results = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))["results"]
    return {case_of(path, root, ids) for path, hits in results.items() if hits} - {None}


def found_by_ripsecrets(name, root, ids):
    # One line a finding: PATH:LINE:TEXT. A finding of several lines goes on
    # without a prefix; such lines name no case and are passed over.
    found = set()
    text = pathlib.Path(name).read_text(encoding="utf-8", errors="replace")
    for line in ANSI.sub("", text).splitlines():
        match = re.match(r"(.+?):\d+:", line)
        if match:
            found.add(case_of(match.group(1), root, ids))
    return found - {None}


def ratio(part, whole):
    return "    -" if whole == 0 else "%5.3f" % (part / whole)


def score(directory, findings, errors):
    root = pathlib.Path(directory)
    present = [c for c in load() if (root / c["id"]).is_dir()]
    ids = {c["id"] for c in present}
    for tool, reader, name in findings:
        found = reader(name, root, ids)
        print(tool)
        for part in ("all", "tuning", "held-out"):
            chosen = [c for c in present if part == "all" or held_out(c["id"]) == (part == "held-out")]
            tp = sum(c["secret"] and c["id"] in found for c in chosen)
            fp = sum(not c["secret"] and c["id"] in found for c in chosen)
            fn = sum(c["secret"] and c["id"] not in found for c in chosen)
            print("  %-8s %4d cases  precision %s  recall %s  (found %d, false %d, missed %d)"
                  % (part, len(chosen), ratio(tp, tp + fp), ratio(tp, tp + fn), tp, fp, fn))
        if errors:
            for case in present:
                if not held_out(case["id"]) and case["secret"] != (case["id"] in found):
                    print("  %s %s" % ("missed" if case["secret"] else "false ", case["id"]))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    parts = ("all", "tuning", "held-out")
    modes.add_parser("check")
    mode = modes.add_parser("show")
    mode.add_argument("--part", choices=parts, default="tuning")
    mode = modes.add_parser("write")
    mode.add_argument("directory")
    mode.add_argument("--part", choices=parts, default="all")
    mode = modes.add_parser("score")
    mode.add_argument("directory")
    mode.add_argument("--detect-secrets", metavar="FILE")
    mode.add_argument("--ripsecrets", metavar="FILE")
    mode.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    if args.mode == "check":
        return check()
    if args.mode == "show":
        return show(args.part)
    if args.mode == "write":
        return write(args.directory, args.part)
    findings = []
    if args.detect_secrets:
        findings.append(("detect-secrets", found_by_detect_secrets, args.detect_secrets))
    if args.ripsecrets:
        findings.append(("ripsecrets", found_by_ripsecrets, args.ripsecrets))
    if not findings:
        parser.error("score needs --detect-secrets or --ripsecrets")
    return score(args.directory, findings, args.errors)


if __name__ == "__main__":
    sys.exit(main())
