"""A manager that listens on a unix socket: who may open it, and what is there already."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from ink_core.errors import CannotServe
from ink_core.settings import SettingsError, load_settings
from manager.unix_socket import bind_unix


def test_it_is_opened_by_its_user_and_group_only_and_again_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "ink.sock"
    bind_unix(path).close()  # as a process that was killed leaves it
    with bind_unix(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_what_somebody_listens_on_or_what_is_no_socket_stays(tmp_path: Path) -> None:
    path = tmp_path / "ink.sock"
    with bind_unix(path) as listening:
        listening.listen()
        with pytest.raises(CannotServe, match="in use"):
            bind_unix(path)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotServe, match="no socket"):
        bind_unix(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(CannotServe, match=r"server\.socket"):
        bind_unix(tmp_path / "missing" / "ink.sock")


def test_with_a_socket_the_address_of_the_proxy_must_be_told(tmp_path: Path) -> None:
    place = {"INK_DATA_DIR": str(tmp_path), "INK_SERVER__SOCKET": str(tmp_path / "ink.sock")}
    with pytest.raises(SettingsError, match="public_url"):
        load_settings(environment=place)
    assert load_settings(environment={**place, "INK_SERVER__PUBLIC_URL": "https://ink.example"}).server.socket
