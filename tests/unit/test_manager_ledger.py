"""The ledger of an installation is where `ledger.url` says, and is verified there; its password is in no address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from audit.ledger import LedgerUnavailable, Record
from audit.verify import verify
from ink_core.clock import SystemClock
from ink_core.errors import CannotServe
from ink_core.settings import Settings, SettingsError, load_settings
from ink_core.settings.secrets import database_password
from manager.composition import build
from manager.ledger import ledger_file, open_ledger

INK = Path(sys.executable).with_name("ink")


def settings(data: Path, **more: str) -> Settings:
    return load_settings(environment={"INK_DATA_DIR": str(data), **more})


async def test_without_a_word_it_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    async with open_ledger(settings(tmp_path), SystemClock()) as ledger:
        await ledger.append("c", Record("test", {}))
    async with ledger_file(settings(tmp_path)) as file:
        assert (file, verify(file).events) == (tmp_path / "ledger.db", 2)  # and that the lease was taken


@pytest.mark.requirement("AUDIT-LEDGER-06")
async def test_on_postgresql_the_verifier_reads_a_copy_that_is_gone_afterwards(
    tmp_path: Path, postgresql_url: str
) -> None:
    ours = settings(tmp_path, INK_LEDGER__URL=postgresql_url)
    async with open_ledger(ours, SystemClock()) as ledger:
        await ledger.append("session:1", Record("user.message", {"text": "hello", "by": "alice"}), Record("test", {}))
        async with ledger_file(ours) as file:
            report = verify(file)
    assert (report.problems, report.chains, report.events) == ([], 2, 3)  # and that the lease was taken
    assert list(tmp_path.iterdir()) == []


async def test_a_change_behind_the_back_of_the_database_is_found(tmp_path: Path, postgresql_url: str) -> None:
    ours = settings(tmp_path, INK_LEDGER__URL=postgresql_url)
    async with open_ledger(ours, SystemClock()) as ledger:
        await ledger.append("c", Record("test", {"n": 1}), Record("test", {"n": 2}))
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE ink_ledger.events DISABLE TRIGGER ALL")
        owner.execute("""UPDATE ink_ledger.events SET body = '{"n":3}' WHERE seq = 1""")
    async with ledger_file(ours) as file:
        assert any("does not match its hash" in problem for problem in verify(file).problems)


def test_the_command_verifies_the_ledger_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    environment = {**os.environ, "INK_DATA_DIR": str(tmp_path), "INK_LEDGER__URL": postgresql_url}
    answer = subprocess.run(
        [INK, "audit", "verify"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 1
    assert "cannot be used" in answer.stderr or "does not exist" in answer.stderr  # nothing was ever recorded there


@pytest.mark.requirement("DEPLOY-PG-01")
async def test_the_whole_manager_runs_with_ledger_and_accounts_on_postgresql(
    tmp_path: Path, postgresql_url: str
) -> None:
    ours = settings(tmp_path, INK_LEDGER__URL=postgresql_url, INK_DATABASE__URL=postgresql_url)
    running = await build(ours)
    try:
        await running.start()
        await running.platform.core.identity.create_user("alice", password="correct horse battery", is_admin=False)
        assert [user.username for user in await running.platform.core.identity.users()] == ["alice"]
        await running.platform.ledger.append("c", Record("test", {}))
        with pytest.raises(LedgerUnavailable, match="another manager"):
            await build(ours)
    finally:
        await running.stop()
    assert not list(tmp_path.glob("*.db"))


def test_a_password_in_an_address_is_refused_without_repeating_it(tmp_path: Path) -> None:
    for url in ("postgresql://ink:hunter2@db/ink", "postgresql://ink@db/ink?password=hunter2"):
        for section in ("LEDGER", "DATABASE"):
            with pytest.raises(SettingsError, match="password_file") as refused:
                settings(tmp_path, **{f"INK_{section}__URL": url})
            assert "hunter2" not in str(refused.value)


def test_a_password_comes_from_a_private_file_or_a_named_variable(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    file.chmod(0o600)
    assert database_password(settings(tmp_path, INK_LEDGER__PASSWORD_FILE=str(file)).ledger) == "hunter2"
    named = settings(tmp_path, INK_LEDGER__PASSWORD_ENV="DB_PASSWORD").ledger
    assert database_password(named, {"DB_PASSWORD": "hunter3"}) == "hunter3"
    with pytest.raises(SettingsError, match="DB_PASSWORD is not set"):
        database_password(named, {})
    assert database_password(settings(tmp_path).ledger) is None
    with pytest.raises(SettingsError, match="not both"):
        settings(tmp_path, INK_LEDGER__PASSWORD_FILE=str(file), INK_LEDGER__PASSWORD_ENV="DB_PASSWORD")


async def test_an_address_of_no_ledger_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match=r"ledger\.url names no ledger"):
        async with open_ledger(settings(tmp_path, INK_LEDGER__URL="mysql://db/ink"), SystemClock()):
            pass
