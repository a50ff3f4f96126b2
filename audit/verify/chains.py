"""The chains of one file: every link, the recorded heads, and where a chain goes on from an archive."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from .calls import Calls
from .erasures import Erasures
from .report import Report
from .rows import Row, row_hash, rows, text

Heads = dict[bytes, tuple[int, bytes]]


@dataclass(frozen=True)
class Archiving:
    """As it is recorded: the name that the archive had, and where each chain in it ends."""

    file: str
    heads: Heads


@dataclass
class Chains:
    """`heads`: where each chain ends. `archivings`: what was moved to archives, in the order in which it was."""

    heads: Heads = field(default_factory=lambda: Heads())
    archivings: list[Archiving] = field(default_factory=list[Archiving])

    @property
    def archived(self) -> Heads:
        """Up to which event each chain is in archives."""
        return {chain: head for archiving in self.archivings for chain, head in archiving.heads.items()}


def check_chains(
    connection: sqlite3.Connection, report: Report, calls: Calls, erasures: Erasures, before: Heads | None = None
) -> Chains:
    """`before`: where chains of this file end in files before it."""
    chains, before = Chains(), before or Heads()
    for row in rows(connection, report):
        chain, seq, kind, _, body, _, _, _, _, digest = row
        name = f"{text(chain)} #{seq}"
        if _check_link(row, name, chains.heads.get(chain) or before.get(chain, (0, b"")), report) and kind.startswith(
            b"call."
        ):
            calls.saw(text(chain), name, kind, body)
        erasures.saw(row, name)
        chains.heads[chain] = (seq, digest)
        if kind == b"audit.archived":
            chains.archivings.append(archiving := _archiving(body))
            chains.heads |= archiving.heads
        report.events += 1
    _check_heads(connection, chains.heads, report)
    return chains


def _check_link(row: Row, name: str, last: tuple[int, bytes], report: Report) -> bool:
    """Whether the content is what its hash says."""
    _, seq, _, _, _, _, _, _, prev, digest = row
    if seq != last[0] + 1:
        report.problem(f"{name}: follows #{last[0]}; events were dropped, inserted or reordered")
    if prev != last[1]:
        report.problem(f"{name}: does not continue the event before it")
    if row_hash(row) != digest:
        report.problem(f"{name}: the content does not match its hash")
        return False
    return True


def _archiving(body: bytes) -> Archiving:
    """Of an event that no ledger wrote nothing; the events that it should account for are missing then."""
    try:
        said = json.loads(body)
        ends = {
            str(chain).encode(): (int(seq), str(digest).encode()) for chain, (seq, digest) in said["chains"].items()
        }
        return Archiving(str(said["file"]), ends)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Archiving("", Heads())


def _check_heads(connection: sqlite3.Connection, found: Heads, report: Report) -> None:
    recorded = Heads()
    for chain, seq, digest in connection.execute("SELECT chain, seq, hash FROM heads"):
        if (type(chain), type(seq), type(digest)) == (bytes, int, bytes):
            recorded[chain] = (seq, digest)
        else:
            report.problem("a recorded head has values of another type")
    for chain in sorted(recorded.keys() | found.keys()):
        expected, actual = recorded.get(chain), found.get(chain, (0, b""))
        if expected is None:
            report.problem(f"{text(chain)}: has events and no recorded head")
        elif expected != actual:
            ends = f"ends at #{actual[0]}, the recorded head is #{expected[0]}"
            report.problem(f"{text(chain)}: {ends}; its end was cut or changed")
