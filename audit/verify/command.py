"""The command: prints the report; ends with 0 when the ledger is sound and whole, 3 when parts of it were not given,
and 1 when something is wrong (2 is how a wrong command line ends).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .ledger import verify
from .report import Report

SOUND, FAULTY, INCOMPLETE = 0, 1, 3


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    report = verify(
        options.file,
        key=options.key,
        anchors=options.anchors,
        witnesses=options.witness,
        archives=options.archive,
    )
    if options.json:
        print(
            json.dumps(
                {"ok": report.ok, "whole": report.whole, **asdict(report), "outcomes": report.outcomes}, indent=1
            )
        )
    else:
        _print(report)
    return FAULTY if not report.ok else SOUND if report.whole else INCOMPLETE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ink audit verify", description="Check a ledger file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", help="the manager's public key (NAME+ID+BASE64)")
    parser.add_argument("--anchors", type=Path, action="append", default=[], help="text file with checkpoints")
    parser.add_argument("--witness", action="append", default=[], help="public key of a worker that signed checkpoints")
    parser.add_argument(
        "--archive", type=Path, action="append", default=[], help="file that chains were archived to, or a folder"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _print(report: Report) -> None:
    for attempt in report.attempts:
        _say(f"{attempt.chain}  {attempt.call_id}  {attempt.tool}  {attempt.outcome}")
    for problem in report.problems:
        _say(f"PROBLEM  {problem}")
    for what in report.unchecked:
        _say(f"not checked  {what}")
    ends = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items())) or "none"
    print(f"{report.chains} chains, {report.events} events, {len(report.attempts)} attempts: {ends}")
    if report.erased:
        print(f"personal content of {report.erased} events was erased, as recorded")
    print(
        f"{report.checkpoints} checkpoints: {report.sealed} events sealed, {report.anchored} of them anchored outside"
    )
    _say(_verdict(report))


def _verdict(report: Report) -> str:
    if not report.ok:
        return f"{len(report.problems)} problems: the ledger is NOT sound"
    if not report.whole:
        return f"verified, incomplete: archives were not given: {', '.join(report.missing)}; give them by --archive"
    return "ledger verified"


def _say(line: str) -> None:
    """Prints one line. What is recorded may hold anything: a line break or escape sequence would forge the report."""
    print("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line))
