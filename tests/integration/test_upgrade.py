"""What any former release has kept is brought up to this one, or is left as it was."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, inspect, select
from typer.testing import CliRunner

from audit.ledger import Record
from ink_core.clock import SystemClock
from ink_core.db import Database
from ink_core.migrations import HEAD, SCRIPTS, migrate, revision
from ink_core.settings import Settings, load_settings
from ink_core.signing import KEY_FILE, SigningKey
from manager.__main__ import app
from manager.backup.read import manifest_of
from manager.backup.restore import restore
from manager.ledger import open_ledger

pytestmark = [pytest.mark.integration, pytest.mark.requirement("DEPLOY-UPGRADE-01")]
ROOT = Path(__file__).parents[2]
REVISIONS = sorted(file.name[:4] for file in (SCRIPTS / "versions").glob("[0-9]*.py"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALICE = {"username": "alice", "is_admin": True, "disabled": False, "created_at": NOW}
USED = {
    "session_id": "s1", "seq": 7, "at": NOW, "username": "alice", "model": "site",
    "prompt_tokens": 100, "completion_tokens": 10, "money": 0,
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one of either kind."""
    is_file = request.param == "sqlite"
    made = Database(f"sqlite:///{tmp_path}/ink.db" if is_file else request.getfixturevalue("postgresql_url"))
    yield made
    made.close()


def of_release(database: Database, release: str) -> None:
    """With what a release that had this schema would have kept."""
    with database.write() as connection:
        migrate(connection, to=release)
        connection.execute(_table(connection, "users").insert(), ALICE)
        if inspect(connection).has_table("model_usage"):
            connection.execute(_table(connection, "model_usage").insert(), USED)


def _table(connection: Any, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def everything(database: Database) -> dict[str, Any]:
    """Columns and rows of each table."""
    with database.read() as connection:
        names = inspect(connection).get_table_names()
        tables = [_table(connection, name) for name in names]
        return {
            table.name: (
                [(column.name, str(column.type), column.nullable) for column in table.columns],
                sorted(map(repr, connection.execute(select(table)))),
            )
            for table in tables
        }


def is_of_this_release(database: Database) -> None:
    with database.read() as connection:
        assert revision(connection) == HEAD
        (user,) = connection.execute(select(_table(connection, "users"))).mappings().all()
    assert (user["username"], user["is_admin"]) == ("alice", True)
    assert user["created_at"].replace(tzinfo=user["created_at"].tzinfo or UTC) == NOW


def shape(database: Database) -> dict[str, Any]:
    """Columns, keys and indices of each table."""
    with database.read() as connection:
        looking = inspect(connection)
        return {
            name: (
                sorted(map(repr, looking.get_columns(name))),
                looking.get_pk_constraint(name)["constrained_columns"],
                sorted(map(repr, looking.get_foreign_keys(name))),
                sorted(map(repr, looking.get_indexes(name))),
            )
            for name in looking.get_table_names()
        }


@pytest.fixture(scope="module")
def shape_now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with closing(Database(f"sqlite:///{tmp_path_factory.mktemp('new')}/ink.db")) as database:
        database.migrate()
        return shape(database)


@pytest.mark.parametrize("release", REVISIONS)
def test_a_database_of_every_former_release_becomes_one_of_this(
    release: str, tmp_path: Path, shape_now: dict[str, Any]
) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/ink.db")) as database:
        of_release(database, release)
        database.migrate()
        is_of_this_release(database)
        assert shape(database) == shape_now
        if release == "0011":
            with database.read() as connection:
                (used,) = connection.execute(select(_table(connection, "usage"))).mappings().all()
            assert (used["username"], used["prompt_tokens"], used["replies"]) == ("alice", 100, 1)


# -- a failed one


def with_a_broken_step(folder: Path, end: str) -> Path:
    """The migrations and one more, which changes and drops tables and rows before it ends so."""
    scripts = folder / "scripts"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    lines = [
        "import os, signal",
        "import sqlalchemy as sa",
        "from alembic import op",
        f'revision, down_revision = "9999", "{HEAD}"',
        "def upgrade():",
        '    op.execute("UPDATE users SET is_admin = NOT is_admin")',
        '    op.add_column("users", sa.Column("more", sa.String(10)))',
        '    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))',
        '    op.drop_table("raised_budgets")',
        f"    {end}",
    ]
    (scripts / "versions" / "9999_broken.py").write_text("\n".join(lines) + "\n")
    return scripts


def test_one_that_fails_leaves_the_old_state(database: Database, tmp_path: Path) -> None:
    of_release(database, "0011")
    before = everything(database)
    scripts = with_a_broken_step(tmp_path, "raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        migrate(connection, to="9999", scripts=scripts)
    assert everything(database) == before
    database.migrate()
    is_of_this_release(database)


def test_one_that_is_killed_leaves_the_old_state(database: Database, tmp_path: Path) -> None:
    of_release(database, "0011")
    before = everything(database)
    scripts = with_a_broken_step(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    program = (
        "import sys; from pathlib import Path\n"
        "from ink_core.db import Database; from ink_core.migrations import migrate\n"
        "with Database(sys.argv[1]).write() as connection: migrate(connection, '9999', Path(sys.argv[2]))"
    )
    with database.read() as connection:
        url = connection.engine.url.set(drivername=connection.dialect.name).render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", program, url, scripts], cwd=ROOT, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    assert everything(database) == before
    database.migrate()
    is_of_this_release(database)


# -- the command


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """An installation of a former release, with a ledger."""
    settings = load_settings(environment={"INK_DATA_DIR": str(tmp_path / "data")})
    SigningKey.open(settings.data_dir / KEY_FILE)
    with closing(Database(settings.database.url)) as database:
        of_release(database, "0011")

    async def record() -> None:
        async with open_ledger(settings, SystemClock()) as ledger:
            await ledger.append("c", Record("test", {}))

    asyncio.run(record())
    return settings


def ink(settings: Settings, *argv: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["upgrade", *map(str, argv)], env={"INK_DATA_DIR": str(settings.data_dir)})
    return done.exit_code, done.output


def kept(settings: Settings) -> dict[str, Any]:
    with closing(Database(settings.database.url)) as database:
        return everything(database)


def test_the_command_tells_the_steps_makes_a_backup_and_upgrades(old: Settings, tmp_path: Path) -> None:
    before = kept(old)
    code, said = ink(old, "--dry-run")
    assert (code, "0012  What was used" in said, f"0011 → {HEAD}" in said) == (0, True, True), said
    assert kept(old) == before
    archive = tmp_path / "before.tar.gz"
    code, said = ink(old, "--backup", archive)
    assert (code, "upgraded; the state before is in" in said) == (0, True), said
    with closing(Database(old.database.url)) as database:
        is_of_this_release(database)
    code, said = ink(old)
    assert (code, "nothing to do" in said) == (0, True), said
    again = load_settings(environment={"INK_DATA_DIR": str(tmp_path / "again")})
    assert manifest_of(archive).schema_revision == "0011"
    asyncio.run(restore(archive, again))
    assert kept(again) == before


def test_where_a_step_cannot_be_done_it_says_that_nothing_was_changed(old: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old.data_dir / "ink.db")) as connection:
        connection.execute("CREATE TABLE submissions (mine TEXT)")
    before = kept(old)
    code, said = ink(old, "--backup", tmp_path / "before.tar.gz")
    assert (code, "nothing in it was changed" in said) == (1, True), said
    assert kept(old) == before
    assert (tmp_path / "before.tar.gz").exists()


async def test_while_a_manager_is_at_work_nothing_is_touched(old: Settings, tmp_path: Path) -> None:
    before = kept(old)
    async with open_ledger(old, SystemClock()):
        code, said = await asyncio.to_thread(ink, old, "--backup", tmp_path / "before.tar.gz")
    assert (code, "another process writes the ledger" in said) == (1, True), said
    assert kept(old) == before


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("ink.db", "UPDATE ink_schema SET version_num = '9999'", "schema 9999, this release knows"),
        ("ledger.db", "PRAGMA user_version = 9", "ledger format 9, this version knows"),
    ],
)
def test_what_a_newer_release_has_kept_is_refused(old: Settings, file: str, change: str, says: str) -> None:
    with closing(sqlite3.connect(old.data_dir / file, isolation_level=None)) as connection:
        connection.execute(change)
    before = kept(old)
    code, said = ink(old, "--no-backup")
    assert (code, says in said.replace("\n", " ")) == (1, True), said
    assert kept(old) == before


def test_where_nothing_was_kept_there_is_nothing_to_upgrade(tmp_path: Path) -> None:
    code, said = ink(load_settings(environment={"INK_DATA_DIR": str(tmp_path / "none")}))
    assert (code, "there is no database" in said) == (1, True), said
    assert not (tmp_path / "none").exists()
