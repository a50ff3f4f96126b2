"""The archives that chains were moved to, each held against the event that recorded the move.

An archive is known by what is in it, whatever its file is called now. A chain that was archived and went on may be in
several, each going on where the one before it ended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from .calls import Calls
from .chains import Archiving, Chains, Heads, check_chains
from .erasures import Erasures
from .log import Wanted
from .report import Report
from .rows import NotALedger, check_structure, open_ledger, text

_SQLITE = b"SQLite format 3\x00"
_ENDS = "SELECT chain, max(seq), hash FROM events GROUP BY chain"


class Archives:
    def __init__(self, chains: Chains, wanted: Wanted, calls: Calls, erasures: Erasures, report: Report) -> None:
        self._recorded = chains.archivings
        self._absent = dict(enumerate(chains.archivings))
        self._excused: set[bytes] = set()  # chains whose absence has been told
        self._wanted, self._calls, self._erasures, self._report = wanted, calls, erasures, report

    def check(self, path: Path) -> None:
        """One file, or all databases in a folder."""
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file == path or _is_database(file):
                self._check_file(file)

    def end(self) -> None:
        """What was not given is missing; what is in none although all were given is a problem."""
        for archiving in self._absent.values():
            self._report.missing.append(f"{archiving.file} ({len(archiving.heads)} chains)")
            self._excused |= archiving.heads.keys()
        for chain, seq in self._wanted:
            if chain not in self._excused:
                self._report.problem(f"{text(chain)} #{seq} was sealed in the log and is in none of the archives given")

    def _check_file(self, path: Path) -> None:
        try:
            with closing(open_ledger(path)) as connection:
                connection.execute("BEGIN")
                check_structure(connection, self._report)
                number = self._number(dict(_ends(connection)))
                before = self._before(number)
                chains = check_chains(connection, self._report, self._calls, self._erasures, before)
                self._check_sealed(connection, path)
        except (sqlite3.Error, OSError, NotALedger, UnicodeDecodeError) as error:
            self._report.problem(f"{path} cannot be read as an archive: {error}")
            return
        if number is None:
            self._report.problem(f"{path} is no archive that the ledger recorded")
        elif (archiving := self._absent.pop(number, None)) is None:
            self._report.problem(f"{path} is an archive that was given twice")
        else:
            self._compare(archiving, chains.heads, path)

    def _number(self, ends: Heads) -> int | None:
        """Of the archiving that most of these chains' ends are of."""
        common = {number: len(each.heads.items() & ends.items()) for number, each in enumerate(self._recorded)}
        best = max(common, key=lambda number: common[number], default=None)
        return best if best is not None and common[best] else None

    def _before(self, number: int | None) -> Heads:
        return Chains(archivings=self._recorded[:number]).archived if number else Heads()

    def _check_sealed(self, connection: sqlite3.Connection, path: Path) -> None:
        for chain, seq, digest in connection.execute("SELECT chain, seq, hash FROM events"):
            if self._wanted.get((chain, seq), digest) != digest:
                self._report.problem(f"{text(chain)} #{seq} in {path} is not the event that was sealed in the log")
            self._wanted.pop((chain, seq), None)

    def _compare(self, recorded: Archiving, found: Heads, path: Path) -> None:
        for chain in sorted(recorded.heads.keys() | found.keys()):
            if chain not in found:
                self._report.problem(f"{text(chain)} was archived to {path} and is not there")
                self._excused.add(chain)
            elif recorded.heads.get(chain) != found[chain]:
                self._report.problem(f"{text(chain)} in {path} is not what was archived, as recorded in the ledger")


def _ends(connection: sqlite3.Connection) -> Iterator[tuple[bytes, tuple[int, bytes]]]:
    """The hash is that of the row with the highest number: https://sqlite.org/lang_select.html#bareagg"""
    for chain, seq, digest in connection.execute(_ENDS):
        if (type(chain), type(seq), type(digest)) == (bytes, int, bytes):
            yield chain, (seq, digest)


def _is_database(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE
