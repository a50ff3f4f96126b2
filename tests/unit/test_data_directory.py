"""A manager whose data directory cannot be used says so in one sentence and does not start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audit.sqlite_file import take_lock
from ink_core.errors import CannotServe
from ink_core.settings import Settings, load_settings
from manager.data_directory import check_room, prepare
from manager.serve import serve

pytestmark = pytest.mark.requirement("SETUP-RUN-03")


def settings(data: Path) -> Settings:
    return load_settings(profile="embedded", environment={"INK_DATA_DIR": str(data), "INK_SERVER__PORT": "0"})


async def refusal(data: Path) -> str:
    with pytest.raises(CannotServe) as refused:
        await serve(settings(data), lambda _: pytest.fail("it runs"))
    assert refused.value.code == "cannot_serve"
    return str(refused.value)


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for data in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/ink")):
        assert f"data directory {data} cannot be made" in await refusal(data)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_directory_of_somebody_else_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be written by this user" in await refusal(tmp_path)


async def test_a_second_manager_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "ledger.db")
    assert "another process writes the ledger" in await refusal(tmp_path)
    os.close(lock)


async def test_a_ledger_that_cannot_be_opened_is_told_with_its_directory(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    said = await refusal(tmp_path)
    assert f"cannot start on the data directory {tmp_path}" in said and "ledger" in said


def test_a_full_disk_is_told_with_what_is_free_and_needed(tmp_path: Path) -> None:
    prepare(tmp_path / "new")
    check_room(tmp_path / "new", 0)
    with pytest.raises(CannotServe, match=f"{tmp_path} is full: .* MiB are free and {2**40} MiB are needed"):
        check_room(tmp_path, 2**60)
