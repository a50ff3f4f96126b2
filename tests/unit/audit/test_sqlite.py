"""What only the real ledger has: durability, group commit, one writer, a full disk, reopening."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from audit.ledger import LedgerUnavailable, Record
from audit.sqlite import SqliteLedger
from audit.sqlite_file import open_for_writing
from audit.verify import verify

APPENDER = """
import asyncio, sys
from pathlib import Path
from audit.ledger import Record
from audit.sqlite import SqliteLedger
from audit.sqlite_file import open_for_writing

async def main():
    ledger = SqliteLedger(Path(sys.argv[1]))
    async def write(chain):
        while True:
            (event,) = await ledger.append(chain, Record("test", {"text": "x" * 200}))
            print(chain, event.seq, event.hash, flush=True)
    await asyncio.gather(*(write(f"c{n}") for n in range(4)))

asyncio.run(main())
"""


def line(n: int) -> Record:
    return Record("test.line", {"n": n})


async def test_a_reopened_ledger_continues_its_chains(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    (first,) = await ledger.append("c", line(1))
    await ledger.close()
    ledger = SqliteLedger(tmp_path / "l")
    (second,) = await ledger.append("c", line(2))
    assert await ledger.chains() == ("c",)
    await ledger.close()
    assert (second.seq, second.prev) == (2, first.hash)
    assert verify(tmp_path / "l").ok


@pytest.mark.requirement("AUDIT-LEDGER-03")
def test_a_killed_process_loses_no_acknowledged_event_and_leaves_a_sound_ledger(tmp_path: Path) -> None:
    path = tmp_path / "l"
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", APPENDER, path], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().split() for _ in range(100)]
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate(timeout=20)
        acknowledged += [
            words for words in map(str.split, rest.splitlines()) if len(words) == 3 and len(words[2]) == 64
        ]
        with closing(sqlite3.connect(path)) as connection:
            kept = {tuple(map(str, row)) for row in connection.execute("SELECT chain, seq, hash FROM events")}
        assert {tuple(words) for words in acknowledged} <= kept
        assert verify(path).problems == []


@pytest.mark.requirement("AUDIT-LEDGER-01")
def test_every_commit_of_the_writer_is_flushed_to_the_disk(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "l")) as connection:
        flushed = connection.execute("PRAGMA synchronous").fetchone()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    assert (flushed, mode) == ((2,), ("wal",))  # 2 is FULL


@pytest.mark.requirement("AUDIT-LEDGER-01")
async def test_appends_that_wait_together_share_transactions(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    with closing(sqlite3.connect(tmp_path / "l")) as other:
        other.execute("BEGIN IMMEDIATE")  # holds the writer up, so that the rest must wait together
        first = asyncio.create_task(ledger.append("c", line(0)))
        rest = [asyncio.create_task(ledger.append("c", line(n))) for n in range(1, 100)]
        await asyncio.wait(rest, timeout=0.2)
        assert not first.done()
        other.execute("ROLLBACK")
        events = [event for group in await asyncio.gather(first, *rest) for event in group]
    await ledger.close()
    assert len({event.time for event in events}) <= 4  # one clock reading per transaction
    assert [event.seq for event in events] == list(range(1, 101))


async def test_a_second_writer_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    with pytest.raises(LedgerUnavailable, match="another process writes"):
        SqliteLedger(tmp_path / "l")
    other = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", APPENDER, tmp_path / "l"], capture_output=True, text=True, timeout=60
    )
    assert "LedgerHeld" in other.stderr
    await ledger.close()
    await SqliteLedger(tmp_path / "l").close()


@pytest.mark.requirement("AUDIT-LEDGER-04")
async def test_a_disk_that_takes_no_more_refuses_the_append_and_recovers(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    await ledger.append("c", line(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(LedgerUnavailable, match="nothing was recorded"):
            await ledger.append("c", Record("big", {"text": "x" * 1_000_000}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    (event,) = await ledger.append("c", line(2))
    assert event.seq == 2
    await ledger.close()
    assert verify(tmp_path / "l").ok


async def test_too_many_waiting_appends_are_refused_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.appends.MAX_WAITING", 8)
    ledger = SqliteLedger(tmp_path / "l")
    with closing(sqlite3.connect(tmp_path / "l")) as other:
        other.execute("BEGIN IMMEDIATE")
        tasks = [asyncio.create_task(ledger.append("c", line(n))) for n in range(30)]
        await asyncio.wait(tasks, timeout=0.2)
        other.execute("ROLLBACK")
        results = await asyncio.gather(*tasks, return_exceptions=True)
    kept = await ledger.read("c")
    await ledger.close()
    refused = [result for result in results if isinstance(result, LedgerUnavailable)]
    taken = 8 + 8  # what the writer holds in its group, and what waits behind it
    assert len(refused) >= 30 - taken and len(kept) == 30 - len(refused)


@pytest.mark.parametrize("place", ["absent/ledger", "."])
def test_a_place_that_cannot_hold_a_ledger_is_one_clear_error(tmp_path: Path, place: str) -> None:
    with pytest.raises(LedgerUnavailable):
        SqliteLedger(tmp_path / place)


async def test_a_ledger_of_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "l")) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(LedgerUnavailable, match="newer version"):
        SqliteLedger(tmp_path / "l")


async def test_a_ledger_of_the_first_format_is_refused_and_the_text_says_what_to_do(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "l")) as connection:
        connection.execute("PRAGMA user_version=1")
    with pytest.raises(LedgerUnavailable, match="Move it away to begin a new ledger"):
        SqliteLedger(tmp_path / "l")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "UPDATE events SET private = '{}'",
        "UPDATE events SET salt = NULL, private = NULL, seal = ''",
        "DELETE FROM events",
    ],
)
async def test_the_file_itself_refuses_a_careless_change(tmp_path: Path, statement: str) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    await ledger.append("c", Record("test.line", {"text": "said"}))
    await ledger.close()
    with closing(sqlite3.connect(tmp_path / "l")) as connection, pytest.raises(sqlite3.Error, match="append-only"):
        connection.execute(statement)


async def test_what_was_queued_before_closing_is_still_written(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    tasks = [asyncio.create_task(ledger.append("c", line(n))) for n in range(20)]
    await asyncio.sleep(0)
    await ledger.close()
    await asyncio.gather(*tasks)
    assert verify(tmp_path / "l").events == 20
