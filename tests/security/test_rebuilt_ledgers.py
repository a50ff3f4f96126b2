"""Whoever can write the ledger's file, and even holds the signing key, changes it at random: all of it is found."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.anchors import FileAnchor
from audit.canonical import commitment, event_hash
from audit.checkpoint import sign_checkpoint, verifier_key
from audit.checkpointer import Checkpointer
from audit.ledger import Record, erasure
from audit.log_store import Leaf
from audit.merkle import TiledTree, leaf_hash
from audit.sqlite import SqliteLedger
from audit.sqlite_log import SqliteLogStore
from audit.tile_files import TileFiles
from audit.verify import Report, verify
from ink_core.clock import ManualClock
from ink_core.signing import SigningKey

KEY = SigningKey(bytes(range(32)))
VKEY = verifier_key(f"ink-harness/ledger/{KEY.key_id}", KEY.public)
CHAINS = ("session:a", "session:b", "user:alice")
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with an erasure and six checkpoints, all of it sealed, each checkpoint in a file elsewhere."""
    folder = tmp_path_factory.mktemp("sealed")

    async def write() -> None:
        ledger = SqliteLedger(folder / "l", ManualClock())
        store = SqliteLogStore(folder / "l")
        checkpointer = Checkpointer(store, TileFiles(folder / "log"), KEY, [FileAnchor(folder / "anchors")])
        for n in range(18):
            await ledger.append(
                CHAINS[n % 3], Record("test.line", {"n": n, "text": f"line {n}"}), Record("bare", {"n": n})
            )
            if n == 5:
                await ledger.erase({CHAINS[0]: [1]}, erasure({CHAINS[0]: [1]}, by="admin", selection={}, reason=""))
            if n % 3 == 2:
                await checkpointer.make()
        store.close()
        await ledger.close()

    asyncio.run(write())
    return folder


def changed(sealed: Path, folder: Path, change: Callable[[sqlite3.Connection], object], **known: Any) -> Report:
    copy = folder / "copy"
    shutil.copyfile(sealed / "l", copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        change(connection)
    return verify(copy, key=VKEY, **known)


def test_the_ledger_that_nobody_touched_is_sound_and_all_of_it_is_anchored(sealed: Path, tmp_path: Path) -> None:
    report = changed(sealed, tmp_path, lambda _: None, anchors=[sealed / "anchors"])
    assert report.problems == report.unchecked == []
    assert (report.events, report.sealed, report.anchored, report.erased, report.checkpoints) == (37, 37, 37, 1, 6)


COLUMNS = {
    "events": ("chain", "seq", "kind", "time", "body", "seal", "salt", "private", "prev", "hash"),
    "heads": ("chain", "seq", "hash"),
    "leaves": ("leaf", "chain", "seq", "hash"),
    "checkpoints": ("size", "note"),
}


@pytest.mark.requirement("AUDIT-VERIFY-03")
@EXAMPLES
@given(data=st.data())
def test_a_value_that_was_changed_anywhere_is_found(sealed: Path, tmp_path: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(COLUMNS)))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    row = data.draw(st.integers(0, 99))
    other = data.draw(st.integers(0, 10**6) | st.text(max_size=8) | st.binary(max_size=40) | st.none())
    did = False

    def change(connection: sqlite3.Connection) -> None:
        nonlocal did
        place = "rowid" if table != "heads" else "chain"
        values = connection.execute(f"SELECT {place}, {column} FROM {table}").fetchall()
        key, value = values[row % len(values)]
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {place} = ?", (other, key))
        except sqlite3.Error:
            return  # the schema itself refuses it
        did = connection.execute(f"SELECT 1 FROM {table} WHERE {column} IS ?", (value,)).fetchone() is None or (
            connection.execute(f"SELECT {column} FROM {table}").fetchall() != [(each,) for _, each in values]
        )

    assert changed(sealed, tmp_path, change).ok is not did


@pytest.mark.requirement("AUDIT-VERIFY-03")
@EXAMPLES
@given(data=st.data())
def test_rows_that_were_dropped_doubled_or_swapped_are_found(sealed: Path, tmp_path: Path, data: st.DataObject) -> None:
    table, key = data.draw(st.sampled_from([("events", "position"), ("leaves", "leaf"), ("checkpoints", "size")]))
    kind = data.draw(st.sampled_from(["drop", "swap", "cut"]))
    first, second = data.draw(st.lists(st.integers(0, 99), min_size=2, max_size=2, unique=True))

    order_of_two_chains = False

    def change(connection: sqlite3.Connection) -> None:
        nonlocal order_of_two_chains
        keys = [each for (each,) in connection.execute(f"SELECT {key} FROM {table} ORDER BY {key}")]
        one, two = keys[first % len(keys)], keys[second % len(keys)]
        if kind == "drop" or one == two:
            connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (one,))
        elif kind == "cut":
            connection.execute(f"DELETE FROM {table} WHERE {key} >= ?", (one,))
        else:
            order_of_two_chains = table == "events" and no_chain_is_touched(connection, one, two)
            for of, to in ((one, 10**6), (two, one), (10**6, two)):
                connection.execute(f"UPDATE {table} SET {key} = ? WHERE {key} = ?", (to, of))

    report = changed(sealed, tmp_path, change, anchors=[sealed / "anchors"])
    assert report.ok is order_of_two_chains  # which chain wrote first is not promised


def no_chain_is_touched(connection: sqlite3.Connection, one: int, two: int) -> bool:
    """Whether these events may change places without any order within a chain being lost."""
    low, high = sorted((one, two))
    chains = "SELECT chain FROM events WHERE position IN (?, ?)"
    within = (
        f"SELECT count(*), count(DISTINCT chain) FROM events WHERE position BETWEEN ? AND ? AND chain IN ({chains})"
    )
    return connection.execute(within, (low, high, one, two)).fetchone() == (2, 2)


@dataclass(frozen=True)
class Line:
    chain: str
    kind: str
    time: str
    body: str
    private: str | None


def rebuild(connection: sqlite3.Connection, change: Callable[[list[Line]], list[Line]], key: SigningKey = KEY) -> None:
    """All of it anew, every hash, seal, leaf and signature right: what the holder of the key can do."""
    old = connection.execute("SELECT chain, kind, time, body, private, seal FROM events ORDER BY position").fetchall()
    leaves = connection.execute("SELECT chain, seq FROM leaves ORDER BY leaf").fetchall()
    sizes = [size for (size,) in connection.execute("SELECT size FROM checkpoints ORDER BY size")]
    for table in ("events", "heads", "leaves", "checkpoints"):
        connection.execute(f"DELETE FROM {table}")
    heads: dict[str, tuple[int, str]] = {}
    hashes: dict[tuple[str, int], str] = {}
    erased = {index for index, row in enumerate(old) if row[5] and row[4] is None}
    lines = change([Line(*row[:5]) for index, row in enumerate(old) if index not in erased])
    for line in lines:
        seq, prev = heads.get(line.chain, (0, ""))
        salt = b"s" * 32 if line.private else None
        seal = commitment(b"s" * 32, line.private) if line.private else ""
        digest = event_hash(
            chain=line.chain, seq=seq + 1, kind=line.kind, time=line.time, body=line.body, seal=seal, prev=prev
        )
        connection.execute(
            "INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (line.chain, seq + 1, line.kind, line.time, line.body, seal, salt, line.private, prev, digest),
        )
        heads[line.chain] = (seq + 1, digest)
        hashes[line.chain, seq + 1] = digest
    connection.executemany("INSERT INTO heads VALUES (?, ?, ?)", [(c, s, h) for c, (s, h) in heads.items()])
    tree = TiledTree({}.__getitem__)
    kept = dict[str, int]()
    for chain, seq in leaves:
        seq = min(seq, heads.get(chain, (0, ""))[0])
        if seq > kept.get(chain, 0):
            kept[chain] = seq
            connection.execute("INSERT INTO leaves VALUES (?, ?, ?, ?)", (tree.size, chain, seq, hashes[chain, seq]))
            tree.append([leaf_hash(Leaf(chain, seq, hashes[chain, seq]).entry)])
    for size in {*(min(size, tree.size) for size in sizes), tree.size} - {0}:
        connection.execute(
            "INSERT INTO checkpoints VALUES (?, ?)", (size, sign_checkpoint(key, size, tree.root(size)).note)
        )


def edited(lines: list[Line], at: int) -> list[Line]:
    return [replace(line, body='{"n":-1}', private=None) if n == at else line for n, line in enumerate(lines)]


def dropped(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], *lines[at + 1 :]]


def inserted(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], replace(lines[at], body='{"n":-2}', private=None), *lines[at:]]


def reordered(lines: list[Line], at: int) -> list[Line]:
    later = next((n for n in range(at + 1, len(lines)) if lines[n].chain == lines[at].chain), at)
    moved = list(lines)
    moved[at], moved[later] = replace(moved[later], time=moved[at].time), replace(moved[at], time=moved[later].time)
    return moved if later != at else dropped(lines, at)


def cut(lines: list[Line], at: int) -> list[Line]:
    return lines[:at]


@pytest.mark.requirement("AUDIT-VERIFY-03", "AUDIT-VERIFY-04")
@EXAMPLES
@given(change=st.sampled_from([edited, dropped, inserted, reordered, cut]), at=st.integers(0, 35))
def test_a_history_rebuilt_with_the_signing_key_is_found_by_its_anchors(
    sealed: Path, tmp_path: Path, change: Callable[[list[Line], int], list[Line]], at: int
) -> None:
    report = changed(
        sealed,
        tmp_path,
        lambda connection: rebuild(connection, lambda lines: change(lines, at)),
        anchors=[sealed / "anchors"],
    )
    assert any("rebuilt" in problem or "cut" in problem for problem in report.problems)


@pytest.mark.requirement("AUDIT-VERIFY-04")
def test_without_any_anchor_a_rebuilt_history_passes_which_is_why_there_are_anchors(
    sealed: Path, tmp_path: Path
) -> None:
    report = changed(sealed, tmp_path, lambda connection: rebuild(connection, lambda lines: edited(lines, 4)))
    assert report.problems == []
    assert (report.sealed, report.anchored) == (36, 0)


@pytest.mark.requirement("AUDIT-VERIFY-04")
def test_a_history_rebuilt_under_another_key_is_found_by_the_key(sealed: Path, tmp_path: Path) -> None:
    forger = SigningKey(b"f" * 32)
    report = changed(sealed, tmp_path, lambda connection: rebuild(connection, lambda lines: edited(lines, 4), forger))
    assert any("not signed by" in problem for problem in report.problems)


def test_a_view_in_the_place_of_a_table_is_refused_before_it_is_read(sealed: Path, tmp_path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE events RENAME TO others")
        connection.execute(
            "CREATE VIEW events AS WITH RECURSIVE n(position) AS (SELECT 1 UNION ALL SELECT position + 1 FROM n) "
            "SELECT position, '' chain, 1 seq, '' kind, '' time, '' body, '' seal, '' salt, '' private, '' prev, "
            "'' hash FROM n"
        )

    report = changed(sealed, tmp_path, change)
    assert "no table events" in report.problems[0]
