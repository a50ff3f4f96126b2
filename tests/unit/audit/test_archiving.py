"""Old chains go to an archive, nothing is lost or dropped silently, and ledger and archive verify together."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from audit.archiving import ArchiveExists, NothingToArchive, archive
from audit.checkpoint import verifier_key
from audit.checkpointer import Checkpointer
from audit.ledger import LedgerUnavailable, Record, erasure
from audit.reading import LedgerFile
from audit.sqlite import SqliteLedger
from audit.sqlite_log import SqliteLogStore
from audit.tile_files import TileFiles
from audit.verify import main, verify
from ink_core.clock import ManualClock
from ink_core.signing import SigningKey
from manager.gate.live_policy import CHAIN as POLICY
from manager.gate.lockout import CHAIN as LOCKS
from manager.gate.lockout import Locked, LockKind, Lockout, set_record

KEY = SigningKey(bytes(32))
VKEY = verifier_key(f"ink-harness/ledger/{KEY.key_id}", KEY.public)
CLOCK = ManualClock()
YESTERDAY = CLOCK.now()
BEFORE = YESTERDAY + timedelta(hours=12)
TODAY = YESTERDAY + timedelta(days=1)


def said(text: str) -> Record:
    return Record("user.message", {"text": text, "by": "alice"})


END = Record("turn.ended", {"turn": 1, "reason": "answered"})


async def checkpoint(path: Path) -> None:
    store = SqliteLogStore(path)
    await Checkpointer(store, TileFiles(path.parent / "log"), KEY).make()
    store.close()


async def filled(folder: Path) -> Path:
    """Yesterday: two sessions that ended, one of them partly erased, one at work, two workers. Today: one session."""
    ledger = SqliteLedger(folder / "l", ManualClock(YESTERDAY))
    await ledger.append("session:old", said("old words"), END)
    await ledger.append("session:older", said("erased words"), END)
    await ledger.append("session:at work", said("still thinking"))
    await ledger.append("worker:gone", Record("worker.launched", {"user": "alice"}), Record("worker.gone", {}))
    await ledger.append("worker:there", Record("worker.launched", {"user": "alice"}))
    targets = {"session:older": [1]}
    await ledger.erase(targets, erasure(targets, by="admin", selection={}, reason=""))
    await checkpoint(folder / "l")
    await ledger.close()
    ledger = SqliteLedger(folder / "l", ManualClock(TODAY))
    await ledger.append("session:new", said("new words"), END)
    await checkpoint(folder / "l")
    await ledger.close()
    return folder / "l"


def moved(path: Path, target: Path) -> None:
    archive(path, target, before=BEFORE, by="admin", clock=ManualClock(TODAY))


async def test_chains_that_ended_long_ago_are_moved_and_all_others_stay(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    assert LedgerFile(tmp_path / "archive").chains() == ("session:old", "session:older", "worker:gone")
    assert LedgerFile(path).chains() == ("audit", "session:at work", "session:new", "worker:there")
    ledger = SqliteLedger(path)
    assert await ledger.chains() == ("audit", "session:at work", "session:new", "worker:there")
    *_, event = await ledger.read("audit")
    await ledger.close()
    assert (event.kind, event.body["by"], event.body["file"]) == ("audit.archived", "admin", "archive")
    assert list(event.body["chains"]) == ["session:old", "session:older", "worker:gone"]  # type: ignore[arg-type]
    assert b"old words" not in path.read_bytes() and b"old words" in (tmp_path / "archive").read_bytes()


async def test_a_lock_outlives_an_archive_and_so_does_the_policy(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    ledger = SqliteLedger(path, ManualClock(YESTERDAY))
    await ledger.append(LOCKS, set_record(LockKind.USER, "mallory", "admin", "stolen token"))
    await ledger.append(POLICY, Record("policy.loaded", {"version": "1"}))
    await ledger.close()
    moved(path, tmp_path / "archive")
    assert {LOCKS, POLICY}.isdisjoint(LedgerFile(tmp_path / "archive").chains())
    ledger, lockout = SqliteLedger(path), Lockout()
    for event in await ledger.read(LOCKS):
        lockout.fold(event)
    assert [event.kind for event in await ledger.read(POLICY)] == ["policy.loaded"]
    await ledger.close()
    with pytest.raises(Locked, match="stolen token"):
        lockout.check(user="mallory")


async def test_chains_of_people_in_the_page_and_over_mcp_are_moved_too(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    ledger = SqliteLedger(path, ManualClock(YESTERDAY))
    for chain in ("portal:alice", "mcp:token:1"):
        await ledger.append(chain, Record("calls.throttled", {"by": "alice"}))
    await ledger.close()
    moved(path, tmp_path / "archive")
    assert {"portal:alice", "mcp:token:1"} < set(LedgerFile(tmp_path / "archive").chains())


async def test_ledger_and_archive_verify_together_and_the_ledger_alone_says_what_it_lacks(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    whole = verify(path, key=VKEY)
    moved(path, tmp_path / "archive")
    both = verify(path, key=VKEY, archives=[tmp_path / "archive"])
    assert both.problems == both.unchecked == both.missing == []
    assert (both.events, both.erased, both.sealed) == (whole.events + 1, 1, whole.sealed)
    alone = verify(path, key=VKEY)
    assert (alone.problems, alone.missing, alone.whole) == ([], ["archive (3 chains)"], False)


async def moved_twice(folder: Path) -> Path:
    """A session and a chain in the page were archived, went on, and were archived again."""
    path = await filled(folder)
    ledger = SqliteLedger(path, ManualClock(YESTERDAY))
    await ledger.append("portal:alice", Record("calls.throttled", {"by": "alice"}))
    await ledger.close()
    (folder / "archives").mkdir()
    moved(path, folder / "archives" / "first")
    ledger = SqliteLedger(path, ManualClock(TODAY))
    for chain in ("session:old", "portal:alice"):
        await ledger.append(chain, Record("calls.throttled", {"by": "alice"}))
    await checkpoint(path)
    await ledger.close()
    later = TODAY + timedelta(days=1)
    archive(path, folder / "archives" / "second", before=later, by="admin", clock=ManualClock(later))
    return path


async def test_a_chain_that_went_on_after_its_archive_verifies_over_all_its_archives(tmp_path: Path) -> None:
    path, archives = await moved_twice(tmp_path), tmp_path / "archives"
    (archives / "notes.txt").write_text("not an archive")
    for given in ([archives], [archives / "first", archives / "second"], [archives / "second", archives / "first"]):
        report = verify(path, key=VKEY, archives=given)
        assert report.problems == report.missing == []


@pytest.mark.parametrize(("given", "missing"), [("first", "second"), ("second", "first")])
async def test_an_archive_that_is_not_given_is_named_and_the_others_are_checked(
    tmp_path: Path, given: str, missing: str
) -> None:
    path = await moved_twice(tmp_path)
    renamed = (tmp_path / "archives" / given).rename(tmp_path / "another name")
    report = verify(path, key=VKEY, archives=[renamed])
    assert report.problems == [] and [each.split()[0] for each in report.missing] == [missing]


async def test_a_file_that_is_none_of_the_archives_is_a_problem_and_so_is_one_given_twice(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    other = SqliteLedger(tmp_path / "other")
    await other.append("session:old", said("other words"))
    await other.close()
    assert f"{tmp_path}/other is no archive" in verify(path, archives=[tmp_path / "other"]).problems[-1]
    copy = Path(shutil.copy(tmp_path / "archive", tmp_path / "copy"))
    assert "given twice" in " ".join(verify(path, archives=[tmp_path / "archive", copy]).problems)


async def test_the_command_ends_with_a_code_of_its_own_where_archives_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    assert main([str(path), "--key", VKEY]) == 3
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "verified, incomplete: archives were not given: archive (3 chains); give them by --archive"
    assert main([str(path), "--key", VKEY, "--json"]) == 3
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["whole"], shown["missing"]) == (True, False, ["archive (3 chains)"])
    assert main([str(path), "--key", VKEY, "--archive", str(tmp_path / "archive")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "ledger verified"
    (tmp_path / "archive").write_bytes(b"gone")
    assert main([str(path), "--key", VKEY, "--archive", str(tmp_path / "archive")]) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE events SET private = replace(private, 'old', 'new') WHERE chain = 'session:old'", "commitment"),
        ("DELETE FROM events WHERE chain = 'session:old' AND seq = 2", "cut"),
        ("DELETE FROM events WHERE chain = 'session:old'", "cut"),
        ("DELETE FROM heads WHERE chain = 'session:old'", "no recorded head"),
    ],
)
async def test_a_changed_archive_is_found(tmp_path: Path, change: str, said: str) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    with closing(sqlite3.connect(tmp_path / "archive", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("DROP TRIGGER events_never_change")
        connection.execute(change)
    assert said in " ".join(verify(path, key=VKEY, archives=[tmp_path / "archive"]).problems)


async def test_an_archive_that_is_missing_a_whole_chain_is_found(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    with closing(sqlite3.connect(tmp_path / "archive", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        for table in ("events", "heads"):
            connection.execute(f"DELETE FROM {table} WHERE chain = 'session:old'")
    problems = verify(path, key=VKEY, archives=[tmp_path / "archive"]).problems
    assert problems == [f"session:old was archived to {tmp_path}/archive and is not there"]


async def test_a_chain_that_was_archived_can_go_on(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    ledger = SqliteLedger(path, ManualClock(TODAY))
    (event,) = await ledger.append("session:old", said("again"))
    assert event.seq == 3 and "session:old" in await ledger.chains()
    await checkpoint(path)
    await ledger.close()
    assert verify(path, key=VKEY, archives=[tmp_path / "archive"]).problems == []


async def test_where_nothing_is_old_nothing_is_moved(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    moved(path, tmp_path / "archive")
    with pytest.raises(NothingToArchive):
        moved(path, tmp_path / "second")
    assert not (tmp_path / "second").exists()


async def test_an_archive_is_never_written_over_and_a_ledger_in_use_is_left_alone(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    (tmp_path / "archive").write_text("precious")
    with pytest.raises(ArchiveExists):
        moved(path, tmp_path / "archive")
    assert (tmp_path / "archive").read_text() == "precious"
    ledger = SqliteLedger(path)
    with pytest.raises(LedgerUnavailable, match="another process"):
        moved(path, tmp_path / "other")
    await ledger.close()
