"""Models and rules of JobLens as administrators see and switch them; through the gate, and still so after a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.security.application import application, client, signed_in
from tests.unit.joblens.lens_site import LensSite, lens_site, measured

pytestmark = pytest.mark.requirement("WEB-ADMIN-01")
MODELS, RULES, SWITCHES = "/api/v1/admin/models", "/api/v1/admin/rules", "/api/v1/admin/switches"
NEAR = {"name": "near", "base_url": "http://user:hidden@127.0.0.1:9/v1?key=hidden", "model": "llm-7b", "trust": "site"}
BUSY = """\
version: 1
rules:
  - name: busy
    text: It computes.
    when: [{metric: cpu_percent, above: 50}]
    capture: {duration: 60s}
"""


def switch(kind: str, name: str, to: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "to": to, "reason": "it answers nonsense"}


async def asked(http: httpx2.AsyncClient, by: Mapping[str, str], method: str, path: str, body: Any = None) -> Any:
    answer = await http.request(method, path, json=body, headers=by)
    return answer.json() if answer.is_success else f"{answer.status_code} {answer.json()['code']}"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    monkeypatch.setenv("NEAR_KEY", "hidden-key")
    return {"INK_MODELS": json.dumps([{**NEAR, "api_key_env": "NEAR_KEY"}])}


async def test_a_model_is_told_without_its_key_and_is_off_after_a_restart_too(
    tmp_path: Path, environment: Mapping[str, str]
) -> None:
    async with application(tmp_path, environment) as app, client(app) as http:
        boss = await signed_in(app, "boss", is_admin=True)
        near, guide = await asked(http, boss, "GET", MODELS)
        assert (near["endpoint"], near["model"], near["state"]) == ("http://127.0.0.1:9/v1", "llm-7b", "ready")
        assert "hidden" not in json.dumps([near, guide])
        done = await asked(http, boss, "PUT", SWITCHES, switch("model", "near", "off"))
        assert (done["by"], done["to"]) == ("boss", "off")
        calls = [event.kind for event in await app.state.platform.ledger.read("portal:boss")]
        assert calls[0] == "call.proposed"
        for name, to, expected in (
            (guide["name"], "off", "404 not_found"),
            ("near", "dry_run", "422 bad_input"),
            ("far", "off", "404 not_found"),
        ):
            assert await asked(http, boss, "PUT", SWITCHES, switch("model", name, to)) == expected
    async with application(tmp_path, environment) as app, client(app) as http:
        await app.state.platform.switches.recover()
        boss = await signed_in(app, "boss2", is_admin=True)
        near, _ = await asked(http, boss, "GET", MODELS)
        assert (near["state"], near["switched"]["reason"]) == ("off", "it answers nonsense")
        await asked(http, boss, "PUT", SWITCHES, switch("model", "near", "on"))
        assert (await asked(http, boss, "GET", MODELS))[0]["state"] == "ready"


async def test_rules_are_listed_switched_checked_and_tried_on_what_the_store_holds(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        listed = (await site.get(RULES, "admin")).json()
        first = listed["rules"][0]
        assert (listed["source"], first["state"], first["steps"]) == ("shipped.yaml", "on", ["capture", "warn"])
        for to in ("dry_run", "off"):
            await put(site, switch("lens_rule", first["name"], to))
            assert (await site.get(RULES, "admin")).json()["rules"][0]["state"] == to
        book = site.app.state.platform.rules
        assert first["name"] not in [rule.name for rule in book.in_force().rules]
        checked = (await site.post(f"{RULES}/check", {"text": BUSY.replace("metric", "metrik")}, "admin")).json()
        assert checked["problems"][0].startswith("rules:5:")
        assert (await site.post(f"{RULES}/check", {"text": BUSY}, "admin")).json() == {"rules": 1, "problems": []}
        tried = (await site.post(f"{RULES}/backtest", {"text": BUSY, "days": 3660}, "admin")).json()
        assert (tried["jobs"], tried["fired"], tried["captures"]) == (1, {"busy": 1}, 1)
        assert {(one["job"], one["step"]) for one in tried["first"]} == {("172.0", "capture"), ("172.0", "warn")}


async def put(site: LensSite, body: Any) -> None:
    answer = await site.http.put(SWITCHES, json=body, headers=site.headers("admin"))
    assert answer.is_success, answer.text


async def test_a_rule_that_is_off_fires_on_nothing_and_one_in_a_dry_run_does_nothing(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(BUSY)
    async with application(tmp_path / "data", {"INK_JOBLENS__RULES_FILE": str(rules)}) as app, client(app) as http:
        boss = await signed_in(app, "boss", is_admin=True)
        platform = app.state.platform
        for to, shown in (("off", []), ("dry_run", [("busy", True)]), ("on", [("busy", False)])):
            await asked(http, boss, "PUT", SWITCHES, switch("lens_rule", "busy", to))
            assert [(rule.name, rule.dry_run) for rule in platform.rules.service.in_force.rules] == shown


async def test_a_user_reaches_none_of_it(tmp_path: Path) -> None:
    async with lens_site(tmp_path) as site:
        for answer in (
            await site.get(MODELS),
            await site.get(RULES),
            await site.post(f"{RULES}/check", {"text": BUSY}),
            await site.post(f"{RULES}/backtest", {"text": BUSY}),
            await site.http.put(SWITCHES, json=switch("model", "near", "off"), headers=site.headers("alice")),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
