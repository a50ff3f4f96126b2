"""Retention: moves chains that ended long ago from the ledger's file to an archive, which still verifies with it.

The archive is a ledger file of its own, with the very rows. It is durable before anything leaves the ledger, and what
left is an event `audit.archived` there, in the transaction that took it out: nothing is dropped silently. Heads stay,
so that a chain that comes to life again goes on where it was. Only chains of what ends are moved (`ENDING`): the locks
of the kill switch and the policy are in force however old they are. Blocking, and only while no manager writes the
ledger.

Limits: SQLite. What is in an archive is out of reach of later erasures.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from audit import sqlite_file
from audit.canonical import time_text
from audit.chains import SESSIONS
from audit.erasing import unfinished
from audit.ledger import AUDIT_CHAIN, Event, LedgerUnavailable, Record
from audit.sealing import Head, prepare, seal
from ink_core.clock import Clock
from ink_core.errors import Conflict, NotFound

ENDING = (SESSIONS, "portal:", "mcp:", "worker:")
"""How chains of what ends are named. Any other chain stays: `audit`, `locks`, `policy`."""

_COPY = "INSERT INTO archive.events SELECT * FROM main.events WHERE chain = ? ORDER BY position"


class NothingToArchive(NotFound):
    """No chain ended so long ago."""

    code = "nothing_to_archive"


class ArchiveExists(Conflict):
    code = "archive_exists"


@dataclass(frozen=True)
class Archived:
    chains: int
    events: int


def archive(ledger: Path, target: Path, *, before: datetime, by: str, clock: Clock) -> Archived:
    """Raises `NothingToArchive`, `ArchiveExists` or `LedgerUnavailable`, and has moved nothing then."""
    if target.exists():
        raise ArchiveExists(f"{target} exists already; an archive is never added to, choose another name")
    lock = sqlite_file.take_lock(ledger)
    try:
        with closing(sqlite_file.open_for_writing(ledger)) as connection:
            heads = sqlite_file.load_heads(connection)
            chains = _ended(connection, heads, before)
            if not chains:
                raise NothingToArchive(f"no chain ended before {time_text(before)}")
            events = _copy(connection, target, {chain: heads[chain] for chain in chains})
            _take_out(connection, chains, heads, target, by, clock.now())
            return Archived(len(chains), events)
    except sqlite3.Error as error:
        raise LedgerUnavailable(f"nothing was archived: {error}") from error
    finally:
        os.close(lock)


def _ended(connection: sqlite3.Connection, heads: Iterable[str], before: datetime) -> list[str]:
    """Chains of what ends whose last event is older and in which nothing is at work."""
    last = dict(connection.execute("SELECT chain, max(time) FROM events GROUP BY chain").fetchall())
    old = sorted(chain for chain in heads if chain.startswith(ENDING) and last.get(chain, "~") < time_text(before))
    return [chain for chain in old if _is_over(sqlite_file.select(connection, chain, 0, None))]


def _is_over(events: Sequence[Event]) -> bool:
    """No turn or call is open, and a worker will not come back."""
    worker = events[0].kind == "worker.launched"
    return not unfinished(events) and (not worker or events[-1].kind in ("worker.gone", "worker.launch_failed"))


def _copy(connection: sqlite3.Connection, target: Path, heads: dict[str, Head]) -> int:
    """The rows into a new file, flushed to the disk; a half-made one is not left behind."""
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    sqlite_file.open_for_writing(draft).close()
    connection.execute("ATTACH ? AS archive", (str(draft),))
    try:
        connection.execute("PRAGMA archive.synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        copied = sum(connection.execute(_COPY, (chain,)).rowcount for chain in heads)
        rows = [(chain, head.seq, head.hash) for chain, head in heads.items()]
        connection.executemany("INSERT INTO archive.heads (chain, seq, hash) VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
        connection.execute("PRAGMA archive.wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA archive.journal_mode=DELETE")  # one file, that can be put on a read-only disk
    finally:
        connection.execute("DETACH archive")
    draft.rename(target)
    return copied


def _take_out(
    connection: sqlite3.Connection, chains: Sequence[str], heads: dict[str, Head], target: Path, by: str, now: datetime
) -> None:
    moved: dict[str, JsonValue] = {chain: [heads[chain].seq, heads[chain].hash] for chain in chains}
    body: dict[str, JsonValue] = {"by": by, "file": target.name, "sha256": _sha256(target), "chains": moved}
    prepared = prepare(AUDIT_CHAIN, [Record("audit.archived", body)])
    events = seal(AUDIT_CHAIN, prepared, heads.get(AUDIT_CHAIN, Head()), now)
    end = Head(events[-1].seq, events[-1].hash)
    rows = zip(events, prepared, strict=True)
    sqlite_file.write(connection, rows, [(AUDIT_CHAIN, end)], archived=chains)
    connection.execute("VACUUM")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
