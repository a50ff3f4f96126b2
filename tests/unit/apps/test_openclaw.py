"""A session of OpenClaw is given the site's models and the skills; its token is its owner's to have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ink_core.apps.openclaw.site_files import configuration
from ink_core.apps.registry import SessionNotFound
from ink_core.settings import ModelSettings
from tests.unit.apps.app_world import AppWorld

pytestmark = pytest.mark.asyncio


async def test_a_session_is_given_the_sites_models_and_the_skills(world: AppWorld) -> None:
    session = await world.launch("openclaw")
    folder = Path(session.folder)
    written = json.loads((folder / "openclaw.json").read_text())
    assert written["models"]["providers"]["ink-qwen"]["baseUrl"] == "http://llm.example/v1"
    assert written["agents"]["defaults"]["model"]["primary"] == "ink-qwen/qwen3"
    (library,) = written["skills"]["load"]["extraDirs"]
    assert "name: hepjob" in (Path(library) / "hepjob" / "SKILL.md").read_text()
    told = world.told(session)
    assert told["environment"]["OPENCLAW_CONFIG_PATH"] == "{folder}/openclaw.json"
    assert told["listens"] == "port" and told["command"][:3] == ["openclaw", "gateway", "run"]


async def test_models_that_need_a_key_of_the_site_and_external_ones_are_not_given_away() -> None:
    def model(name: str, trust: str, **more: str) -> ModelSettings:
        asked = {"name": name, "base_url": "http://llm.example/v1", "model": "m", "trust": trust, **more}
        return ModelSettings.model_validate(asked)

    models = [model("keyed", "site", api_key_env="KEY"), model("abroad", "external"), model("open", "site")]
    written = configuration(models, "/f", None)
    assert list(written["models"]["providers"]) == ["ink-open"]
    assert configuration(models[:2], "/f", None)["agents"] == {}


async def test_the_apps_own_token_is_told_to_its_owner_while_it_runs(world: AppWorld) -> None:
    session = await world.launch("openclaw")
    token = world.apps.credential("alice", session.session_id)
    told = world.told(session)
    assert token is not None and token == told["environment"]["OPENCLAW_GATEWAY_TOKEN"]
    assert token not in (told["secret"], told["callback_token"])
    assert told["app_headers"].pop("Authorization") == f"Bearer {token}"
    assert set(told["app_headers"].values()) == {""}, "what else is named is taken away: it believes in no proxy"
    assert token not in str(told["command"]) and token not in str(await world.journal.changes())
    with pytest.raises(SessionNotFound):
        world.apps.credential("bob", session.session_id)
    await world.apps.stop("alice", session.session_id, "operation-stop")
    assert world.apps.credential("alice", session.session_id) is None


async def test_an_app_that_asks_for_nothing_has_no_credential(world: AppWorld) -> None:
    session = await world.launch("jupyter")
    assert world.apps.credential("alice", session.session_id) is None
