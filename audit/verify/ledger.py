"""One verification: a ledger file, and the archives that chains were moved to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from .archives import Archives
from .calls import Calls
from .chains import Chains, check_chains
from .erasures import Erasures
from .log import Known, Wanted, check_log
from .notes import Key, Note, anchors_in
from .report import Report
from .rows import NotALedger, check_structure, open_ledger
from .wal import lost_transactions


def verify(
    path: Path | str,
    *,
    key: str | None = None,
    anchors: Iterable[Path] = (),
    witnesses: Iterable[str] = (),
    archives: Sequence[Path] = (),
) -> Report:
    """Check one ledger. Every fault is a problem in the report; a file that cannot be read is one, too.

    `key` is the manager's public key and `witnesses` those of workers (vkeys); `anchors` are text files from outside;
    `archives` are files that chains were moved to, or folders of such.
    """
    report = Report()
    calls, erasures = Calls(report), Erasures(report)
    known = _known(key, anchors, witnesses, report)
    chains, wanted = _check(Path(path), calls, erasures, known, report)
    given = Archives(chains, wanted, calls, erasures, report)
    for archive in archives:
        given.check(archive)
    given.end()
    erasures.end()
    return report


def _known(key: str | None, anchors: Iterable[Path], witnesses: Iterable[str], report: Report) -> Known:
    keys: list[Key] = []
    for vkey in (*([key] if key else []), *witnesses):
        try:
            keys.append(Key.read(vkey))
        except ValueError as error:
            report.problem(str(error))
    notes: list[Note] = []
    for file in anchors:
        try:
            notes.extend(anchors_in(file))
        except OSError as error:
            report.problem(f"the anchors in {file} cannot be read: {error.strerror}")
    first = keys[0] if key and keys else None
    return Known(first, notes, keys[1 if first else 0 :])


def _check(path: Path, calls: Calls, erasures: Erasures, known: Known, report: Report) -> tuple[Chains, Wanted]:
    chains, wanted = Chains(), Wanted()
    try:
        with closing(open_ledger(path)) as connection:
            connection.execute("BEGIN")  # one moment's view, although the ledger may be growing
            check_structure(connection, report)
            chains = check_chains(connection, report, calls, erasures)
            wanted = check_log(connection, chains, known, report)
            report.chains += len(chains.heads)
            _check_wal(path, report)
    except (sqlite3.Error, OSError, NotALedger, UnicodeDecodeError) as error:  # the last: flipped bits in the schema
        report.problem(f"{path} cannot be read as a ledger: {error}")
    return chains, wanted


def _check_wal(path: Path, report: Report) -> None:
    lost = lost_transactions(path)
    if lost and lost_transactions(path):  # twice, since a log in use may be begun anew while it is read
        report.problem(f"{path}-wal is damaged: {lost} committed transactions in it can no longer be read")
