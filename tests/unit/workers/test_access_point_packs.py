"""An access-point agent is started with the packs that its site needs, and these load side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from ink_core.settings import load_settings
from ink_core.storage.xrootd.options import StorageOptions
from manager.access_point import access_point_options
from tests.security.application import application
from worker_agent.packs import load_packs


@pytest.mark.parametrize("with_storage", [False, True])
async def test_storages_are_offered_where_the_site_has_some(tmp_path: Path, with_storage: bool) -> None:
    storages = (StorageOptions(name="eos", url="https://eos.example:1094"),) if with_storage else ()
    settings = load_settings(environment={"INK_DATA_DIR": str(tmp_path)}).model_copy(update={"storages": storages})
    async with application(tmp_path) as app:
        options = access_point_options(settings, app.state.core.identity)
        methods = load_packs(options.packs, await options.pack_options("alice"), {})
    assert {"scheduler.submit", "root.summary"} <= set(methods)
    assert ({"xrootd.list", "xrootd.status", "xrootd.read"} <= set(methods)) is with_storage
