"""The schema: migrations make what the stores expect, once, whoever starts first."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from ink_core import migrations
from ink_core.compute import history
from ink_core.db import BadDatabaseUrl, Database, Utc, metadata
from ink_core.errors import Unavailable
from ink_core.identity import sql, sql_grants, sql_groups
from ink_core.storage import disk_history
from joblens.captures import book
from knowledge_graph.store import sql as knowledge
from manager.budgets import raised, reservations, seats, submissions, totals, usage

times = Table("times", MetaData(), Column("at", Utc))
STORES = (
    *(sql.users, sql_groups.groups, sql_grants.grants, history.ended_jobs, book.captures, knowledge.log_entries),
    *(
        usage.usage,
        submissions.submissions,
        raised.raised_budgets,
        reservations.reservations,
        seats.budget_seats,
        totals.spent_totals,
        disk_history.disk_use,
    ),
)
"""A table of each store: the schema is what all of them use, whatever else is imported."""


def url(path: Path) -> str:
    return f"sqlite:///{path}/ink.db"


def start(path: Path) -> None:
    database = Database(url(path))
    database.migrate()
    database.close()


def test_the_newest_revision_is_the_one_that_a_start_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_migrations_make_the_tables_that_the_stores_use(tmp_path: Path) -> None:
    for table in STORES:
        assert table.metadata is metadata
    database = Database(url(tmp_path))
    database.migrate()
    options = {"version_table": migrations.VERSION_TABLE}
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    database.close()


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    start(tmp_path)
    before = (tmp_path / "ink.db").read_bytes()
    start(tmp_path)
    assert (tmp_path / "ink.db").read_bytes() == before


def test_starters_at_once_end_with_one_schema(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    starters = [context.Process(target=start, args=(tmp_path,)) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    assert [starter.exitcode for starter in starters] == [0, 0, 0]
    with closing(sqlite3.connect(tmp_path / "ink.db")) as connection:
        assert connection.execute("SELECT version_num FROM ink_schema").fetchall() == [(migrations.HEAD,)]


def test_a_database_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    start(tmp_path)
    with closing(sqlite3.connect(tmp_path / "ink.db", isolation_level=None)) as connection:
        connection.execute("UPDATE ink_schema SET version_num = '9999'")
    with pytest.raises(migrations.SchemaTooNew, match="schema 9999"):
        start(tmp_path)


def test_only_its_owner_can_read_the_database(tmp_path: Path) -> None:
    start(tmp_path)
    assert stat.S_IMODE((tmp_path / "ink.db").stat().st_mode) == 0o600


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(url(tmp_path))
    database.migrate()
    row = {"username": "alice", "is_admin": False, "disabled": False, "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(sql.users).values(row))
        _ = 1 / 0
    with database.read() as connection:
        assert connection.execute(select(sql.users)).all() == []
    database.close()


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/gone/ink.db")
    (tmp_path / "gone" / "ink.db").unlink()
    (tmp_path / "gone").rmdir()
    with pytest.raises(Unavailable, match="does not answer"):
        database.migrate()


def test_times_come_back_in_utc_and_one_without_a_zone_is_refused(tmp_path: Path) -> None:
    database = Database(url(tmp_path))
    east = datetime(2026, 1, 1, 20, tzinfo=timezone(timedelta(hours=8)))
    with database.write() as connection:
        times.create(connection)
        connection.execute(insert(times).values(at=east))
        assert connection.execute(select(times.c.at)).scalar() == datetime(2026, 1, 1, 12, tzinfo=UTC)
        with pytest.raises(StatementError, match="without a zone"):
            connection.execute(insert(times).values(at=datetime(2026, 1, 1)))
    database.close()


@pytest.mark.parametrize("bad", ["no url", "sqlite://", "sqlite:///:memory:", "mysql://root:hunter2@db/ink"])
def test_what_is_no_database_url_is_refused_without_repeating_it(bad: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="write sqlite") as refused:
        Database(bad)
    assert "hunter2" not in str(refused.value)
