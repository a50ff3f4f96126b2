"""Who may serve, and what `ink serve` says when it may not."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ink_core.errors import CannotServe
from ink_core.settings import load_settings
from manager.serve import serve

pytestmark = pytest.mark.requirement("DEPLOY-ROOT-01")


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


async def refusal(data: Path, **environment: str) -> str:
    settings = load_settings(environment={"INK_DATA_DIR": str(data), **environment})
    with pytest.raises(CannotServe) as refused:
        await serve(settings, lambda _: pytest.fail("it runs"))
    return str(refused.value)


@pytest.mark.usefixtures("as_root")
async def test_root_is_refused_where_a_spawner_does_what_needs_root_and_nothing_is_left_behind(tmp_path: Path) -> None:
    said = await refusal(tmp_path / "data", INK_SPAWNER__KIND="socket")
    assert "does not run as root where the spawner" in said and "runuser -u ink" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("as_root")
async def test_root_may_run_the_embedded_default_which_may_be_all_that_a_container_has(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = await refusal(tmp_path / "data", INK_SERVER__PORT=str(taken.getsockname()[1]))
    assert "is in use" in said  # it got as far as the port
