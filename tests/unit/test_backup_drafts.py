"""Folders in which archives are made: those of killed commands go, those of commands that run stay."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from ink_core.compute.processes import identity
from manager.backup.draft import draft_folder


def test_what_killed_commands_left_goes_with_the_next_and_nothing_else(tmp_path: Path) -> None:
    running = identity(os.getpid()) or ""
    here, ended = f".ink-backup-draft~{platform.node()}~", f"{running.partition(':')[0]}:{os.getpid()}:1"
    elsewhere = ".ink-backup-draft~elsewhere~"
    stays = [f"{here}{running}~a", f"{elsewhere}{ended}~b", ".ink-backup-draft~mine"]
    goes = [f"{here}{ended}~c", f"{elsewhere}{ended}~d"]
    for name in (*stays, *goes):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ink.db").write_text("everybody's records")
    os.utime(tmp_path / goes[1], times=(0, 0))
    (tmp_path / "kept").mkdir()
    (tmp_path / f"{here}{ended}~link").symlink_to(tmp_path / "kept")
    with draft_folder(tmp_path) as folder:
        assert folder.parent == tmp_path and folder.stat().st_mode & 0o077 == 0
        assert {path.name for path in tmp_path.iterdir()} == {
            *stays, "kept", f"{here}{ended}~link", folder.name,
        }  # fmt: skip
    assert not folder.exists()
