"""A backup of a running installation is whole, tells when it was changed, and becomes an installation again."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.checkpointer import Checkpointer
from audit.ledger import Ledger, Record
from audit.verify import verify
from ink_core.apps.entry import KEY_FILE as PROXY_KEY
from ink_core.clock import SystemClock
from ink_core.identity.service import IdentityService
from ink_core.key_file import secret_key
from ink_core.settings import Settings, SettingsError, load_settings
from ink_core.signing import KEY_FILE, SigningKey
from manager.__main__ import app
from manager.backup.create import create
from manager.backup.manifest import DATABASE, LEDGER, BackupUnusable, signed
from manager.backup.read import extract, manifest_of, problems
from manager.backup.restore import restore
from manager.checkpoints import open_checkpointer
from manager.identity import open_identity
from manager.ledger import ledger_file, open_ledger
from manager.workers.registry import WorkerRegistry
from manager.workers.witnesses import WorkerWitnesses
from tests.certificates import recipient

pytestmark = [pytest.mark.integration, pytest.mark.requirement("DEPLOY-BACKUP-01")]
KEYS = (KEY_FILE, "link.key", "apps.key", PROXY_KEY)
PASSWORD = "correct horse battery"
HELLO = Record("user.message", {"text": "hello", "by": "alice"})


def settings(data: Path, **more: str) -> Settings:
    return load_settings(environment={"INK_DATA_DIR": str(data), **more})


@dataclass
class Installation:
    ledger: Ledger
    identity: IdentityService
    checkpointer: Checkpointer


@asynccontextmanager
async def opened(ours: Settings) -> AsyncGenerator[Installation]:
    """What a manager of these settings has open."""
    async with AsyncExitStack() as exits:
        ours.data_dir.mkdir(exist_ok=True)
        ledger = await exits.enter_async_context(open_ledger(ours, SystemClock()))
        nobody = WorkerWitnesses(WorkerRegistry(ledger, SystemClock()), 0)
        checkpointer = open_checkpointer(ours, SigningKey.open(ours.data_dir / KEY_FILE), nobody, exits)
        identity = open_identity(ours)
        exits.callback(identity.close)
        yield Installation(ledger, identity, checkpointer)


@dataclass(frozen=True)
class Made:
    archive: Path
    ours: Settings
    """Of what it is a backup of."""
    keeper: Path
    """Certificate and private key that its keys are sealed to."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    public, keeper = recipient(folder)
    ours = settings(folder / "data", INK_BACKUP__RECIPIENT=str(public))
    for name in KEYS:
        secret_key(ours.data_dir / name)
    recording = ours.data_dir / "terminals" / "alice" / "t1.cast"
    recording.parent.mkdir(parents=True)
    recording.write_text("recorded")

    async def make() -> None:
        async with opened(ours) as installation:
            await installation.identity.create_user("alice", password=PASSWORD)
            await installation.ledger.append("session:s1", HELLO, Record("turn.ended", {"turn": 1}))
            await installation.checkpointer.make()
            await create(ours, folder / "backup.tar.gz")

    asyncio.run(make())
    return Made(folder / "backup.tar.gz", ours, keeper)


async def works(ours: Settings) -> None:
    """The installation goes on: alice signs in, her session is there and grows, and the ledger is sealed on."""
    async with opened(ours) as again:
        assert (await again.identity.login("alice", PASSWORD, "127.0.0.1")).secret
        assert (await again.ledger.read("session:s1"))[0].body["text"] == "hello"
        await again.ledger.append("session:s1", Record("turn.ended", {"turn": 2}))
        assert await again.checkpointer.make() is not None
        async with ledger_file(ours) as file:
            assert verify(file, key=again.checkpointer.key).problems == []


async def test_what_was_restored_verifies_and_goes_on(made: Made, tmp_path: Path) -> None:
    again = settings(tmp_path / "again")
    told = await restore(made.archive, again, key=manifest_of(made.archive).key, recipient=made.keeper)
    report = verify(again.data_dir / LEDGER, key=told.key)
    assert (report.problems, report.events, report.checkpoints) == ([], told.events, 1)
    for name in (*KEYS, "terminals/alice/t1.cast"):
        assert (again.data_dir / name).read_bytes() == (made.ours.data_dir / name).read_bytes()
        assert (again.data_dir / name).stat().st_mode & 0o777 == 0o600
    await works(again)
    assert [file.name for file in tmp_path.iterdir()] == ["again"]


async def test_a_backup_goes_to_postgresql_and_back(made: Made, tmp_path: Path, postgresql_url: str) -> None:
    places = {"INK_LEDGER__URL": postgresql_url, "INK_DATABASE__URL": postgresql_url}
    moved, back = settings(tmp_path / "moved", **places), settings(tmp_path / "back")
    await restore(made.archive, moved, recipient=made.keeper)
    assert list(moved.data_dir.glob("*.db*")) == []
    await works(moved)
    with pytest.raises(BackupUnusable, match="not empty"):
        await restore(made.archive, settings(tmp_path / "other", **places))
    assert not (tmp_path / "other").exists()
    told = await create(moved, tmp_path / "b.tar.gz")
    assert told.events > manifest_of(made.archive).events
    await restore(tmp_path / "b.tar.gz", back)
    shutil.copy2(moved.data_dir / KEY_FILE, back.data_dir)
    await works(back)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_all_that_was_acknowledged_before_it_began_is_in_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else None
    ours = settings(tmp_path / "data", **({"INK_LEDGER__URL": url, "INK_DATABASE__URL": url} if url else {}))
    acknowledged: list[int] = []
    users: list[str] = []
    enough = asyncio.Event()

    async def keep_busy(installation: Installation) -> None:
        while not enough.is_set():
            acknowledged.append((await installation.ledger.append("c", Record("test", {})))[0].seq)
            if len(acknowledged) % 5 == 0:
                users.append((await installation.identity.create_user(f"user{len(users)}")).username)

    async with opened(ours) as installation:
        busy = asyncio.ensure_future(keep_busy(installation))
        for number in range(2):
            while len(acknowledged) < 20 * (number + 1) and not busy.done():
                await asyncio.sleep(0)
            assert not busy.done(), busy
            events, accounts = len(acknowledged), len(users)
            told = await create(ours, tmp_path / f"b{number}.tar.gz")
            extract(tmp_path / f"b{number}.tar.gz", folder := tmp_path / f"out{number}", told.key)
            assert problems(folder, told) == []
            assert told.events >= events
            with closing(sqlite3.connect(folder / DATABASE)) as database:
                assert database.execute("SELECT count(*) FROM users").fetchone()[0] >= accounts
        enough.set()
        await busy  # what it has open in another thread is given back before the installation is closed


# -- secrets


def test_no_secret_key_is_in_an_archive_in_the_clear(made: Made) -> None:
    content = gzip.decompress(made.archive.read_bytes())
    for name in KEYS:
        assert (made.ours.data_dir / name).read_bytes() not in content
    assert made.archive.stat().st_mode & 0o077 == 0


async def test_without_a_recipient_keys_are_left_out(made: Made, tmp_path: Path) -> None:
    told = await create(settings(made.ours.data_dir), tmp_path / "b.tar.gz")
    assert (told.has_keys, manifest_of(made.archive).has_keys) == (False, True)
    await restore(tmp_path / "b.tar.gz", settings(tmp_path / "again"))
    assert {KEY_FILE, "keys.p7m"} & {file.name for file in (tmp_path / "again").iterdir()} == set()


async def test_keys_open_for_their_recipient_only(made: Made, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _, other = recipient(tmp_path / "other")
    with pytest.raises(BackupUnusable, match="cannot be opened"):
        await restore(made.archive, settings(tmp_path / "again"), recipient=other)
    assert not (tmp_path / "again").exists()
    wrong = settings(made.ours.data_dir, INK_BACKUP__RECIPIENT=str(made.archive))
    with pytest.raises(SettingsError, match=r"backup\.recipient"):
        await create(wrong, tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


# -- what is wrong is found


def changed(archive: Path, target: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]]) -> Path:
    """The archive again, each member as `change` has it."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz", compresslevel=1) as new:
        for member in old:
            reading = old.extractfile(member)
            assert reading is not None
            for name, content in change(member.name, reading.read()):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    return target


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


CHANGES: dict[str, Callable[[str, bytes], list[tuple[str, bytes]]]] = {
    "a bit of the ledger": lambda name, it: [(name, flipped(it) if name == LEDGER else it)],
    "a bit of the database": lambda name, it: [(name, flipped(it) if name == DATABASE else it)],
    "the keys": lambda name, it: [(name, flipped(it) if name == "keys.p7m" else it)],
    "a word of the manifest": lambda name, it: [(name, it.replace(b'"events": ', b'"events": 1'))],
    "a part less": lambda name, it: [] if name == LEDGER else [(name, it)],
    "a part more": lambda name, it: [(name, it), *([("planted.key", b"x")] if name.startswith("terminals") else [])],
    "another name": lambda name, it: [(name.replace("terminals", "../terminals"), it)],
    "no manifest": lambda name, it: [] if name == "manifest.json" else [(name, it)],
}


@pytest.mark.parametrize("what", CHANGES)
async def test_every_change_of_an_archive_is_found_and_nothing_is_restored(
    what: str, made: Made, tmp_path: Path
) -> None:
    archive = changed(made.archive, tmp_path / "changed.tar.gz", CHANGES[what])
    with pytest.raises(BackupUnusable):
        await restore(archive, settings(tmp_path / "again"), recipient=made.keeper)
    assert [file.name for file in tmp_path.iterdir()] == ["changed.tar.gz"]


async def test_a_cut_archive_or_one_of_another_manager_is_refused(made: Made, tmp_path: Path) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(made.archive.read_bytes()[:-2000])
    with pytest.raises(BackupUnusable):
        await restore(cut, settings(tmp_path / "again"))
    with pytest.raises(BackupUnusable, match="another key"):
        await restore(made.archive, settings(tmp_path / "again"), key="ink+0+x")


async def test_who_names_the_managers_key_and_signs_with_another_is_refused(made: Made, tmp_path: Path) -> None:
    stranger = SigningKey(bytes(32))
    known = manifest_of(made.archive)
    text, signature = signed(known.model_copy(update={"public_key": stranger.public.hex()}), stranger)
    theirs = {"manifest.json": text, "manifest.sig": signature}
    forged = changed(made.archive, tmp_path / "forged.tar.gz", lambda name, it: [(name, theirs.get(name, it))])
    with pytest.raises(BackupUnusable, match="signature does not fit"):
        await restore(forged, settings(tmp_path / "again"), key=known.key, recipient=made.keeper)


def test_a_header_that_grows_when_it_is_unpacked_is_not_read_into_memory(tmp_path: Path) -> None:
    bomb = tarfile.TarInfo("long")
    bomb.type, bomb.size = tarfile.XHDTYPE, 8 * 1024 * 1024
    with gzip.open(tmp_path / "bomb.tar.gz", "wb", compresslevel=1) as opened:
        opened.write(bomb.tobuf() + bytes(bomb.size))
    with pytest.raises(BackupUnusable, match="header that no backup has"):
        manifest_of(tmp_path / "bomb.tar.gz")


def test_what_does_not_fit_the_disk_is_not_begun(made: Made, tmp_path: Path) -> None:
    ours = SigningKey.open(made.ours.data_dir / KEY_FILE)
    huge = tuple(part.model_copy(update={"size": 1 << 60}) for part in manifest_of(made.archive).parts)
    text, signature = signed(manifest_of(made.archive).model_copy(update={"parts": huge}), ours)
    lying = {"manifest.json": text, "manifest.sig": signature}
    archive = changed(made.archive, tmp_path / "huge.tar.gz", lambda name, it: [(name, lying.get(name, it))])
    with pytest.raises(BackupUnusable, match="MiB left"):
        extract(archive, tmp_path, None)


async def test_nothing_is_ever_replaced(made: Made, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="replaces nothing"):
        await create(made.ours, made.archive)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").touch()
    with pytest.raises(BackupUnusable, match="not empty"):
        await restore(made.archive, settings(tmp_path / "data"))
    with pytest.raises(BackupUnusable, match="never started"):
        await create(settings(tmp_path / "none"), tmp_path / "b.tar.gz")


# -- what is interrupted

MOST_BYTES = 60_000
"""Of a file, while something is made to fail half-way: less than its database has."""


@contextmanager
def no_room() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_what_fails_half_way_leaves_nothing(made: Made, tmp_path: Path) -> None:
    with no_room(), pytest.raises(BackupUnusable, match="cannot be copied"):
        await create(made.ours, tmp_path / "b.tar.gz")
    with no_room(), pytest.raises(OSError, match="File too large"):
        await restore(made.archive, settings(tmp_path / "again"))
    assert list(tmp_path.iterdir()) == []


def killed(ours: Settings, *argv: str | Path) -> int:
    """The command in a process of its own, which the kernel kills in the middle of a file: its signal."""
    program = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); from manager.__main__ import main; main()"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))

    environment = {**os.environ, "INK_DATA_DIR": str(ours.data_dir)}
    argv = (sys.executable, "-c", program, "backup", *argv)
    return -subprocess.run(
        argv, env=environment, timeout=120, check=False, preexec_fn=limit, stderr=subprocess.DEVNULL
    ).returncode


def test_what_is_killed_half_way_leaves_nothing_that_looks_whole(made: Made, tmp_path: Path) -> None:
    again = settings(tmp_path / "again")
    assert killed(made.ours, "create", "--output", tmp_path / "b.tar.gz") == signal.SIGXFSZ
    assert not (tmp_path / "b.tar.gz").exists()
    assert killed(again, "restore", made.archive) == signal.SIGXFSZ
    assert not again.data_dir.exists()


# -- the commands


def ink(ours: Settings, *argv: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["backup", *map(str, argv)], env={"INK_DATA_DIR": str(ours.data_dir)})
    return done.exit_code, done.output


def test_the_commands_make_list_verify_and_restore(made: Made, tmp_path: Path) -> None:
    code, said = ink(made.ours, "create", "--output", tmp_path / "b.tar.gz")
    assert (code, "secret keys are not in it" in said) == (0, True), said
    (tmp_path / "broken.tar.gz").write_bytes(b"x")
    code, said = ink(made.ours, "list", tmp_path)
    assert (code, "b.tar.gz: of 20" in said, "broken.tar.gz: " in said) == (0, True, True), said
    code, said = ink(made.ours, "verify", tmp_path / "b.tar.gz", "--key", manifest_of(made.archive).key)
    assert (code, "verified" in said) == (0, True), said
    code, said = ink(made.ours, "verify", tmp_path / "broken.tar.gz")
    assert (code, "no backup" in said) == (1, True), said
    code, said = ink(settings(tmp_path / "again"), "restore", tmp_path / "b.tar.gz")
    assert (code, "verified and restored" in said, "put the secret keys back" in said) == (0, True, True), said
