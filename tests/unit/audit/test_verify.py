"""What the stand-alone verifier finds, pairs and prints, and that it needs nothing of the server."""

from __future__ import annotations

import ast
import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import audit.verify
from audit.canonical import canonical_text, event_hash
from audit.ledger import LedgerUnavailable, Record, erasure
from audit.sqlite import SqliteLedger
from audit.verify import Report, main, verify
from audit.verify.rows import row_hash
from ink_core.clock import ManualClock

INSERTION = (
    "INSERT INTO events SELECT NULL, 'user:bob', 2, kind, time, body, seal, salt, private, prev, hash "
    "FROM events WHERE seq = 21"
)
Tamper = Callable[[sqlite3.Connection], object]


def proposed(call_id: str, tool: str = "list_jobs") -> Record:
    return Record("call.proposed", {"call_id": call_id, "tool": tool, "arguments": {}})


def intent(call_id: str) -> Record:
    return Record("call.intent", {"call_id": call_id})


def outcome(call_id: str, status: str = "done") -> Record:
    return Record("call.outcome", {"call_id": call_id, "status": status})


def write(path: Path, chains: dict[str, list[Record]]) -> Path:
    async def run() -> None:
        ledger = SqliteLedger(path, ManualClock())
        for chain, records in chains.items():
            await ledger.append(chain, *records)
        await ledger.close()

    asyncio.run(run())
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [Record("test.line", {"n": n, "text": '束流 “x” \\ " \n' * (n % 7)}) for n in range(60)]
    calls = [proposed("c1"), intent("c1"), outcome("c1"), proposed("c2"), Record("call.refused", {"call_id": "c2"})]
    folder = tmp_path_factory.mktemp("ledger")
    return write(
        folder / "ledger.sqlite", {"session:é": lines + calls, "user:alice": lines[:20], "user:bob": lines[:1]}
    )


def tampered(sound: Path, folder: Path, *tampers: Tamper) -> Report:
    """What the verifier says of a copy after somebody with full access to the file changed it."""
    copy = folder / "copy.sqlite"
    shutil.copyfile(sound, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("DROP TRIGGER events_never_change")
        for tamper in tampers:
            tamper(connection)
    return verify(copy)


def sql(statement: str) -> Tamper:
    return lambda connection: connection.execute(statement)


def test_a_sound_ledger_verifies(sound: Path) -> None:
    report = verify(sound)
    assert report.problems == []
    assert (report.chains, report.events) == (3, 60 + 5 + 20 + 1)


@pytest.mark.requirement("AUDIT-VERIFY-03")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE events SET body = replace(body, '\"n\":7', '\"n\":8') WHERE chain = 'user:alice' AND seq = 8",
            "content",
        ),
        ("UPDATE events SET private = replace(private, 'x', 'y') WHERE seq = 3", "commitment"),
        ("UPDATE events SET salt = zeroblob(32) WHERE seq = 3", "commitment"),
        ("UPDATE events SET salt = NULL WHERE seq = 3", "commitment"),
        ("UPDATE events SET seal = replace(seal, 'a', 'b') WHERE seq = 3", "content"),
        ("UPDATE events SET salt = NULL, private = NULL WHERE seq = 3", "no erasure is recorded"),
        ("UPDATE events SET salt = NULL, private = NULL, seal = '' WHERE seq = 3", "content"),
        ("UPDATE events SET kind = 'test.other' WHERE seq = 3", "content"),
        ("UPDATE events SET time = '2020-01-01T00:00:00.000000Z' WHERE seq = 3", "content"),
        ("UPDATE events SET body = body || ' ' WHERE seq = 3", "content"),
        ("UPDATE events SET chain = 'user:carol' WHERE chain = 'user:bob'", "content"),
        ("DELETE FROM events WHERE chain = 'user:alice' AND seq = 9", "dropped"),
        ("DELETE FROM events WHERE chain = 'user:alice' AND seq = 1", "dropped"),
        ("DELETE FROM events WHERE chain = 'user:alice' AND seq > 15", "cut"),
        ("DELETE FROM events WHERE chain = 'user:alice'", "cut"),
        ("DELETE FROM heads WHERE chain = 'user:alice'", "no recorded head"),
        ("UPDATE heads SET seq = seq - 1 WHERE chain = 'user:alice'", "cut"),
        (
            INSERTION,
            "content",
        ),
        ("UPDATE events SET position = 100000 WHERE chain = 'user:alice' AND seq = 4", "reordered"),
        ("DROP TABLE heads", "cannot be read"),
        ("DROP TABLE events", "cannot be read"),
    ],
)
def test_an_edit_a_drop_an_insertion_a_reorder_and_a_cut_are_found(
    sound: Path, tmp_path: Path, statement: str, said: str
) -> None:
    report = tampered(sound, tmp_path, sql(statement))
    assert not report.ok
    assert said in " ".join(report.problems)


def test_two_events_that_changed_places_are_found(sound: Path, tmp_path: Path) -> None:
    swap = [
        sql(f"UPDATE events SET seq = {to} WHERE chain = 'user:alice' AND seq = {of}")
        for of, to in ((4, 1000), (5, 4), (1000, 5))
    ]
    assert not tampered(sound, tmp_path, *swap).ok


def test_a_rewritten_event_with_a_matching_hash_breaks_the_chain_after_it(sound: Path, tmp_path: Path) -> None:
    def rewrite(connection: sqlite3.Connection) -> None:
        where = "WHERE chain = 'user:alice' AND seq = 8"
        kind, time, prev = connection.execute(f"SELECT kind, time, prev FROM events {where}").fetchone()
        seal = connection.execute(f"SELECT seal FROM events {where}").fetchone()[0]
        forged = event_hash(chain="user:alice", seq=8, kind=kind, time=time, body='{"n":0}', seal=seal, prev=prev)
        connection.execute(f"UPDATE events SET body = ?, hash = ? {where}", ('{"n":0}', forged))

    report = tampered(sound, tmp_path, rewrite)
    assert report.problems == ["user:alice #9: does not continue the event before it"]


def content(path: Path) -> list[tuple[object, ...]] | None:
    """All that the ledger says, or None where SQLite cannot read it."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.text_factory = bytes
            events = connection.execute(
                "SELECT chain, seq, kind, time, body, private, prev, hash FROM events ORDER BY position"
            )
            return [
                *events.fetchall(),
                *connection.execute("SELECT chain, seq, hash FROM heads ORDER BY chain").fetchall(),
            ]
    except (sqlite3.Error, UnicodeDecodeError):
        return None


@pytest.mark.requirement("AUDIT-VERIFY-01")
def test_one_flipped_bit_anywhere_is_found_or_changes_nothing_that_the_ledger_says(sound: Path, tmp_path: Path) -> None:
    original, said = sound.read_bytes(), content(sound)
    chosen = random.Random(7)
    copy = tmp_path / "flipped.sqlite"
    found = 0
    for _ in range(400):
        flipped = bytearray(original)
        flipped[chosen.randrange(100, len(original))] ^= 1 << chosen.randrange(8)
        copy.write_bytes(flipped)
        ok = verify(copy).ok
        assert not ok or content(copy) == said
        found += not ok
    assert found > 200


@pytest.mark.requirement("AUDIT-VERIFY-01")
def test_every_single_bit_of_an_events_body_counts(sound: Path, tmp_path: Path) -> None:
    original = sound.read_bytes()
    start = original.index(b'{"n":3,"text"')
    copy = tmp_path / "flipped.sqlite"
    for bit in range(8 * 40):
        flipped = bytearray(original)
        flipped[start + bit // 8] ^= 1 << bit % 8
        copy.write_bytes(flipped)
        assert not verify(copy).ok


@pytest.mark.requirement("AUDIT-VERIFY-02", "AUDIT-LEDGER-02")
def test_every_attempt_is_named_with_its_outcome(tmp_path: Path) -> None:
    calls = [
        proposed("c-done", "submit_job"), intent("c-done"), outcome("c-done"),
        proposed("c-failed"), intent("c-failed"), outcome("c-failed", "failed"),
        proposed("c-refused"), Record("call.refused", {"call_id": "c-refused"}),
        proposed("c-open"), intent("c-open"),
        proposed("c-lost"), intent("c-lost"), outcome("c-lost", "indeterminate"),
        proposed("c-found"), intent("c-found"), outcome("c-found", "indeterminate"), outcome("c-found"),
    ]  # fmt: skip
    report = verify(write(tmp_path / "l", {"s": calls}))
    assert report.ok
    assert {attempt.call_id: attempt.outcome for attempt in report.attempts} == {
        "c-done": "done", "c-failed": "failed", "c-refused": "refused", "c-open": "open", "c-lost": "indeterminate",
        "c-found": "done",
    }  # fmt: skip
    assert report.outcomes == {"done": 2, "failed": 1, "refused": 1, "open": 1, "indeterminate": 1}


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([outcome("c1")], "never proposed"),
        ([proposed("c1"), proposed("c1")], "proposed twice"),
        ([proposed("c1"), intent("c1"), outcome("c1"), outcome("c1")], "already ended"),
        ([proposed("c1"), outcome("c1")], "without a recorded intent"),
        ([Record("call.outcome", {"status": "done"})], "names no call"),
    ],
)
def test_an_attempt_that_cannot_have_gone_right_is_a_problem(tmp_path: Path, records: list[Record], said: str) -> None:
    (problem,) = verify(write(tmp_path / "l", {"s": records})).problems
    assert said in problem


@given(
    st.text(min_size=1),
    st.text(),
    st.integers(1, 2**40),
    st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False)),
)
def test_the_verifiers_own_hash_rule_is_the_ledgers(
    chain: str, kind: str, seq: int, body: dict[str, str | float]
) -> None:
    chain, kind = ("".join(filter(str.isprintable, text)) for text in (chain, kind))
    text = canonical_text(body) if not any("\ud800" <= c <= "\udfff" for c in canonical_text(body)) else "{}"
    time = "2026-01-01T00:00:00.000000Z"
    row = (chain.encode(), seq, kind.encode(), time.encode(), text.encode(), b"ab", None, None, b"", b"")
    expected = event_hash(chain=chain, seq=seq, kind=kind, time=time, body=text, seal="ab", prev="")
    assert row_hash(row) == expected.encode()


@pytest.mark.parametrize("junk", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_file_that_is_no_ledger_is_a_problem_and_not_a_crash(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "junk").write_bytes(junk)
    assert not verify(tmp_path / "junk").ok
    assert not verify(tmp_path / "absent").ok
    assert not verify(tmp_path).ok


async def test_a_ledger_in_use_can_be_verified(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    await ledger.append("s", proposed("c1"))
    report = await asyncio.to_thread(verify, tmp_path / "l")
    await ledger.append("s", intent("c1"), outcome("c1"))
    later = await asyncio.to_thread(verify, tmp_path / "l")
    await ledger.close()
    assert (report.ok, report.events, later.ok, later.events) == (True, 1, True, 3)


@pytest.mark.requirement("AUDIT-VERIFY-01")
def test_the_command_exits_with_zero_when_sound_and_one_when_not(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(sound)]) == 0
    printed = capsys.readouterr().out
    assert "session:é  c1  list_jobs  done" in printed and "session:é  c2  list_jobs  refused" in printed
    assert "3 chains, 86 events, 2 attempts: 1 done, 1 refused\n" in printed
    assert "0 checkpoints: 0 events sealed, 0 of them anchored outside\nledger verified" in printed
    tampered(sound, tmp_path, sql("UPDATE events SET body = '{}' WHERE seq = 3"))
    assert main([str(tmp_path / "copy.sqlite"), "--json"]) == 1
    assert '"ok": false' in capsys.readouterr().out


def test_what_is_recorded_forges_no_line_of_the_printed_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = proposed("c1", "x\r\nledger verified\x1b]0;own\x07\u202e\x9b")
    main([str(write(tmp_path / "l", {"s": [forged]}))])
    printed = capsys.readouterr().out
    assert r"x\r\nledger verified\x1b]0;own\x07\u202e\x9b  open" in printed
    assert all(line.isprintable() for line in printed.split("\n"))


def test_the_verifier_runs_from_a_copied_folder_without_the_server(sound: Path, tmp_path: Path) -> None:
    source = Path(audit.verify.__file__).parent
    imported = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for file in source.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for name in node.names
    }
    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "cryptography"}
    shutil.copytree(source, tmp_path / "verify")
    command = [sys.executable, "-m", "verify", str(sound)]
    run = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    assert "ledger verified" in run.stdout


async def killed_with_a_log(folder: Path) -> Path:
    """A ledger as a killed process leaves it: most of it still in the write-ahead log."""
    ledger = SqliteLedger(folder / "l", ManualClock())
    for n in range(12):
        await ledger.append("s", Record("test.line", {"n": n, "text": f"line {n} " * 200}))
    for name in ("l", "l-wal"):
        shutil.copyfile(folder / name, folder / f"killed{name[1:]}")
    await ledger.close()
    return folder / "killed"


async def test_a_damaged_write_ahead_log_is_found_although_sqlite_drops_it_silently(tmp_path: Path) -> None:
    path = await killed_with_a_log(tmp_path)
    log = Path(f"{path}-wal")
    original = log.read_bytes()
    assert verify(path).problems == [] and verify(path).events == 12
    last_commit = original.rindex(b"line 11 line 11")
    chosen = random.Random(3)
    for place in [0, 9, 17, 30, *(chosen.randrange(32, original.index(b"line 9 line 9")) for _ in range(60))]:
        flipped = bytearray(original)
        flipped[place] ^= 1 << chosen.randrange(8)
        log.write_bytes(flipped)
        assert not verify(path).ok, place
    assert last_commit > 0


async def test_a_log_that_ends_in_the_middle_of_a_write_is_sound(tmp_path: Path) -> None:
    path = await killed_with_a_log(tmp_path)
    log = Path(f"{path}-wal")
    original = log.read_bytes()
    for end in (len(original) - 1, len(original) - 5000, 32, 31, 0):
        log.write_bytes(original[:end])
        assert verify(path).problems == []


async def test_a_ledger_whose_log_is_damaged_is_not_opened_for_writing(tmp_path: Path) -> None:
    path = await killed_with_a_log(tmp_path)
    log = Path(f"{path}-wal")
    flipped = bytearray(log.read_bytes())
    flipped[flipped.index(b"line 3 line 3")] ^= 1
    log.write_bytes(flipped)
    with pytest.raises(LedgerUnavailable, match="recorded transactions would be lost"):
        SqliteLedger(path)
    assert log.read_bytes() == bytes(flipped)


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_a_ledger_verifies_after_an_erasure_and_the_disk_holds_nothing_of_it(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "l")
    secret = "Schrödinger's cat in the box"
    for n in range(50):
        await ledger.append("session:1", Record("user.message", {"text": f"{secret} {n}", "by": "alice"}))
    await ledger.append("session:2", Record("user.message", {"text": "kept", "by": "bob"}))
    targets = {"session:1": range(1, 51)}
    await ledger.erase(targets, erasure(targets, by="admin", selection={"user": "alice"}, reason="asked for"))
    report = await asyncio.to_thread(verify, tmp_path / "l")
    await ledger.close()
    assert (report.problems, report.erased, report.events) == ([], 50, 52)
    assert all(secret.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    assert b"kept" in (tmp_path / "l").read_bytes()


def test_a_rebuilt_event_with_a_body_that_is_not_json_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    path = write(tmp_path / "l", {"s": [proposed("c1")]})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_never_change")
        kind, time, seal = connection.execute("SELECT kind, time, seal FROM events").fetchone()
        forged = event_hash(chain="s", seq=1, kind=kind, time=time, body="[" * 50_000, seal=seal, prev="")
        connection.execute("UPDATE events SET body = ?, hash = ?", ("[" * 50_000, forged))
        connection.execute("UPDATE heads SET hash = ?", (forged,))
    assert "names no call" in " ".join(verify(path).problems)
