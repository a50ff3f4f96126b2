"""`ink token …` and `ink user …` as an operator uses them, on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INK = Path(sys.executable).with_name("ink")
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def ink(data: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    environment = {**os.environ, "INK_DATA_DIR": str(data), "COLUMNS": "200"}
    done = subprocess.run([INK, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.requirement("CORE-AUTH-15")
def test_a_token_is_made_for_a_user_shown_once_listed_and_revoked(tmp_path: Path) -> None:
    ink(tmp_path, "user", "add", "alice")
    create = ("token", "create", "alice", "--name", "my laptop", "--scope", "jobs:read", "--scope", "files:read")
    code, token = ink(tmp_path, *create, "--days", "7")
    assert code == 0 and token.startswith("ink_") and "\n" not in token
    (listed,) = ink(tmp_path, "token", "list")[1].splitlines()
    assert (
        "alice" in listed and "files:read,jobs:read" in listed and "my laptop" in listed and "last used never" in listed
    )
    assert token not in listed
    token_id = listed.split()[0]
    assert ink(tmp_path, "token", "revoke", "alice", token_id) == (0, f"revoked {token_id} of alice")
    assert ink(tmp_path, "token", "list", "alice") == (0, "")
    code, said = ink(tmp_path, "token", "revoke", "alice", token_id)
    assert code == 1 and said.startswith("ink:")


def test_what_cannot_be_says_so_in_one_sentence(tmp_path: Path) -> None:
    ink(tmp_path, "user", "add", "alice")
    for arguments, said in (
        (("create", "alice", "--name", "x", "--scope", "admin"), "ink: alice does not have the scopes admin"),
        (("create", "nobody", "--name", "x", "--scope", "jobs:read"), "ink: there is no user nobody"),
        (
            ("create", "alice", "--name", "x" * 101, "--scope", "jobs:read"),
            "ink: a token's name has 1 to 100 characters",
        ),
    ):
        assert ink(tmp_path, "token", *arguments) == (1, said)


def test_without_an_installation_commands_say_so_and_make_none(tmp_path: Path) -> None:
    data = tmp_path / "elsewhere"
    for arguments in (
        ("user", "link", "alice"),
        ("user", "list"),
        ("token", "list"),
        ("token", "revoke", "alice", "x"),
    ):
        code, said = ink(data, *arguments)
        assert code == 1 and said.startswith(f"ink: there are no accounts at {data}/ink.db: set INK_DATA_DIR")
    assert list(tmp_path.iterdir()) == []
