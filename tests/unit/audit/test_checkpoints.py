"""Checkpoints: what is sealed, signed and published, by the public formats, and what survives a crash."""

from __future__ import annotations

import base64
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audit.anchors import AnchorFailed, CommandAnchor, FileAnchor, MemoryAnchor
from audit.checkpoint import Cosignature, read_checkpoint, sign_checkpoint, verifier_key
from audit.checkpointer import Checkpointer
from audit.ledger import LedgerUnavailable, Record
from audit.log_store import Leaf, LogStore, MemoryLogStore
from audit.merkle import leaf_hash
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.postgres_log import PostgresLogStore
from audit.sealing import Head
from audit.sqlite import SqliteLedger
from audit.sqlite_log import SqliteLogStore
from audit.tile_files import TileFiles
from audit.verify import verify
from audit.verify.notes import Key, anchors_in
from ink_core.clock import ManualClock
from ink_core.signing import SigningKey

KEY = SigningKey(bytes(range(32)))
VKEY = verifier_key(f"ink-harness/ledger/{KEY.key_id}", KEY.public)


class Centre:
    """A ledger with a checkpointer beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.anchor = MemoryAnchor()
        self.ledger = SqliteLedger(folder / "l", ManualClock())
        self.store = SqliteLogStore(folder / "l")
        self.checkpointer = self.start()

    def start(self) -> Checkpointer:
        return Checkpointer(self.store, TileFiles(self.folder / "log"), KEY, [self.anchor])

    async def append(self, chain: str, count: int = 1) -> None:
        await self.ledger.append(chain, *(Record("test.line", {"n": n, "text": f"line {n}"}) for n in range(count)))

    async def close(self) -> None:
        self.store.close()
        await self.ledger.close()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    built = Centre(tmp_path)
    yield built
    await built.close()


@pytest.mark.requirement("AUDIT-LEDGER-05")
async def test_a_checkpoint_seals_the_heads_that_moved_and_only_those(centre: Centre) -> None:
    await centre.append("session:1", 5)
    await centre.append("session:2", 3)
    first = await centre.checkpointer.make()
    await centre.append("session:2")
    second = await centre.checkpointer.make()
    assert first and second and (first.size, second.size) == (2, 3)
    assert [(leaf.chain, leaf.seq) for leaf in centre.store.leaves(0, 9)] == [
        ("session:1", 5), ("session:2", 3), ("session:2", 4),
    ]  # fmt: skip
    assert await centre.checkpointer.make() is None


@pytest.mark.requirement("AUDIT-LEDGER-05")
async def test_sealed_and_anchored_events_are_counted_by_the_verifier(centre: Centre, tmp_path: Path) -> None:
    await centre.append("session:1", 5)
    await centre.checkpointer.make()
    (tmp_path / "anchors").write_text(f"2026-01-01 noted: {centre.anchor.lines[0]}\n")
    await centre.append("session:1", 2)
    await centre.checkpointer.make()
    await centre.append("session:1", 1)
    report = verify(tmp_path / "l", key=VKEY, anchors=[tmp_path / "anchors"])
    assert report.problems == report.unchecked == []
    assert (report.events, report.checkpoints, report.sealed, report.anchored) == (8, 2, 7, 5)


async def test_without_the_managers_key_the_report_says_that_signatures_are_not_checked(
    centre: Centre, tmp_path: Path
) -> None:
    await centre.append("s")
    await centre.checkpointer.make()
    report = verify(tmp_path / "l")
    assert report.ok and "public key" in report.unchecked[0]


def test_a_checkpoint_is_a_signed_note_of_the_public_format() -> None:
    checkpoint = sign_checkpoint(KEY, 3, b"r" * 32)
    body, signatures = checkpoint.note.split("\n\n")
    origin, size, root = body.split("\n")
    dash, name, blob = signatures.removesuffix("\n").split(" ")
    assert (origin, size, base64.b64decode(root)) == (f"ink-harness/ledger/{KEY.key_id}", "3", b"r" * 32)
    assert (dash, name, len(base64.b64decode(blob))) == ("—", origin, 4 + 64)
    assert Key.read(VKEY).signed(f"{body}\n", blob)
    assert not Key.read(VKEY).signed(f"{body}\n\n", blob)
    assert read_checkpoint(checkpoint.note) == checkpoint


def test_the_example_of_the_public_specification_is_read() -> None:
    """C2SP signed-note and tlog-checkpoint: the key that signed it is not published, its form is."""
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    assert read_checkpoint(note).size == 20852163


@pytest.mark.parametrize(
    "note", ["", "a\n1\nAAAA\n", "a\n01\nAAAA\n\n", "a\nx\nAAAA\n\n", "a\n1\n!\n\n", "\n1\nAAAA\n\n"]
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(ValueError):
        read_checkpoint(note)


@pytest.mark.parametrize("made", [1, 255, 256, 300])
async def test_the_log_is_published_as_tiles_and_bundles_of_the_public_format(
    centre: Centre, tmp_path: Path, made: int
) -> None:
    for n in range(made):
        await centre.append(f"c{n:04}")
    checkpoint = await centre.checkpointer.make()
    whole, part = divmod(made, 256)
    expected = {"tile/0/000", "tile/entries/000"} if whole else set[str]()
    if part:
        expected |= {f"tile/0/{whole:03}.p/{part}", f"tile/entries/{whole:03}.p/{part}"}
    if whole:
        expected.add("tile/1/000.p/1")
    log = tmp_path / "log"
    files = {str(file.relative_to(log)) for file in log.rglob("*") if file.is_file()}
    assert files == expected | {"checkpoint", "key"}
    assert checkpoint and (log / "checkpoint").read_text() == checkpoint.note
    assert (log / "key").read_text() == f"{VKEY}\n"
    bundle = (log / (f"tile/entries/000{'' if whole else f'.p/{part}'}")).read_bytes()
    length = int.from_bytes(bundle[:2], "big")
    tile = (log / (f"tile/0/000{'' if whole else f'.p/{part}'}")).read_bytes()
    assert leaf_hash(bundle[2 : 2 + length]) == tile[:32]


async def test_damaged_or_missing_files_of_the_log_are_made_again_at_the_start(centre: Centre, tmp_path: Path) -> None:
    for n in range(300):
        await centre.append(f"c{n:04}")
    await centre.checkpointer.make()
    before = {file: file.read_bytes() for file in (tmp_path / "log" / "tile").rglob("*") if file.is_file()}
    (tmp_path / "log/tile/0/001.p/44").write_bytes(b"x" * 44 * 32)
    shutil.rmtree(tmp_path / "log/tile/entries")
    again = centre.start()
    assert {file: file.read_bytes() for file in before} == before
    await centre.append("c0000")
    grown = await again.make()
    assert grown and grown.size == 301
    assert verify(tmp_path / "l", key=VKEY).ok


async def test_a_checkpoint_that_could_not_be_written_leaves_no_trace_and_the_next_one_is_sound(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await centre.append("a")
    await centre.checkpointer.make()
    await centre.append("b")

    def full(*_: object) -> None:
        raise LedgerUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(centre.store, "commit", full)
        with pytest.raises(LedgerUnavailable):
            await centre.checkpointer.make()
        await centre.checkpointer.make_last()
    checkpoint = await centre.checkpointer.make()
    assert checkpoint and checkpoint.size == 2
    assert verify(tmp_path / "l", key=VKEY).problems == []


@pytest.mark.requirement("AUDIT-VERIFY-04")
async def test_a_ledger_that_was_put_back_to_an_older_copy_is_not_continued(centre: Centre, tmp_path: Path) -> None:
    await centre.append("a")
    await centre.checkpointer.make()
    older = MemoryLogStore(lambda: {"a": Head(1, "00")})
    with pytest.raises(LedgerUnavailable, match="older copy"):
        Checkpointer(older, TileFiles(tmp_path / "log"), KEY)


async def test_an_anchor_that_fails_does_not_keep_the_others_from_it(centre: Centre, tmp_path: Path) -> None:
    file, memory = tmp_path / "anchors.log", MemoryAnchor()
    anchors = [CommandAnchor(["/bin/false"]), CommandAnchor([str(tmp_path / "absent")]), FileAnchor(file), memory]
    checkpointer = Checkpointer(centre.store, TileFiles(tmp_path / "log"), KEY, anchors)
    for _ in range(2):
        await centre.append("a")
        await checkpointer.make()
    assert file.read_text().splitlines() == memory.lines
    assert [note.size for note in anchors_in(file)] == [1, 2]


async def test_a_command_gets_the_checkpoint_on_its_standard_input(tmp_path: Path) -> None:
    program = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    await CommandAnchor([sys.executable, "-c", program, str(tmp_path / "got")]).publish("a line")
    assert (tmp_path / "got").read_text() == "a line\n"


async def test_a_command_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(AnchorFailed, match="took longer"):
        await CommandAnchor([sys.executable, "-c", "import time; time.sleep(60)"], 0.2).publish("a line")


def test_anchors_are_found_in_any_text(tmp_path: Path) -> None:
    checkpoint = sign_checkpoint(KEY, 7, b"r" * 32)
    noise = "\x00\xff— nothing\nink-checkpoint a b c d\n" + "x" * 10_000
    (tmp_path / "mixed").write_text(
        f'{noise}\nEnv = "A=1 INK_CHECKPOINT={checkpoint.anchor_line}"\n{checkpoint.note}\n'
    )
    assert [(note.size, note.root) for note in anchors_in(tmp_path / "mixed")] == [(7, b"r" * 32)] * 2


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LogStore]:
    server = Server(request.getfixturevalue("postgresql_url")) if request.param == "postgresql" else None
    ledger = await PostgresLedger.open(server) if server else SqliteLedger(tmp_path / "store", ManualClock())
    events = {chain: (await ledger.append(chain, Record("k", {})))[0] for chain in ("b", "a")}
    heads = {chain: Head(1, event.hash) for chain, event in events.items()}
    real = PostgresLogStore(server) if server else SqliteLogStore(tmp_path / "store")
    yield MemoryLogStore(lambda: heads) if request.param == "memory" else real
    real.close()
    await ledger.close()


async def test_every_store_gives_the_moved_heads_in_order_and_keeps_what_was_committed(store: LogStore) -> None:
    moved = store.unsealed()
    assert [(leaf.chain, leaf.seq) for leaf in moved] == [("a", 1), ("b", 1)]
    assert (store.size(), store.latest(), store.leaves(0, 5)) == (0, None, ())
    checkpoint = sign_checkpoint(KEY, 2, b"r" * 32)
    store.commit(moved, checkpoint)
    assert (store.size(), store.latest(), store.unsealed()) == (2, checkpoint, ())
    assert store.leaves(1, 5) == (Leaf("b", 1, moved[1].hash),)
    assert store.cosignatures(2) == ()
    cosignature = Cosignature("w-1", "name+id+key", "— name signature")
    store.record(2, [cosignature, cosignature])
    assert (store.cosignatures(2), store.cosignatures(1)) == ((cosignature,), ())


async def test_of_two_who_seal_at_once_one_is_refused(store: LogStore) -> None:
    moved = store.unsealed()
    store.commit(moved, sign_checkpoint(KEY, 2, b"r" * 32))
    if not isinstance(store, MemoryLogStore):
        with pytest.raises(LedgerUnavailable):
            store.commit(moved, sign_checkpoint(KEY, 2, b"s" * 32))
    latest = store.latest()
    assert latest and latest.root == b"r" * 32
