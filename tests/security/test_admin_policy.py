"""The policy over the interface: tried on what the ledger holds, changed by two people, and gone back from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.security.application import application, client, signed_in

pytestmark = pytest.mark.requirement("WEB-ADMIN-01")
POLICY = "/api/v1/admin/policy"
STRICT = """\
version: 1
extends: default
rules:
  - id: no-skills
    when: {tools: [list_skills], roles: [user]}
    effect: deny
    reason: Skills are closed today.
"""
SHIPPED = "version: 1\nextends: default\nrules: []\n"


@dataclass
class Site:
    http: httpx2.AsyncClient
    app: FastAPI
    boss: Mapping[str, str]
    other: Mapping[str, str]
    alice: Mapping[str, str]

    async def ask(self, method: str, path: str, body: Any = None, by: Mapping[str, str] | None = None) -> Any:
        answer = await self.http.request(method, path, json=body, headers=by or self.boss)
        return answer.json() if answer.is_success else f"{answer.status_code} {answer.json()['code']}"

    async def skills(self) -> str:
        called = await self.ask("POST", "/api/v1/calls", {"tool": "list_skills", "arguments": {}}, self.alice)
        return str(called["status"] if called["error"] is None else called["error"]["code"])

    async def change(self, text: str, reason: str = "as agreed") -> Any:
        now = await self.ask("GET", POLICY)
        return await self.ask("PUT", POLICY, {"text": text, "replaces": now["version"], "reason": reason})

    async def approve(self, by: Mapping[str, str]) -> Any:
        (waiting,) = await self.ask("GET", "/api/v1/approvals?state=pending", by=by)
        decision = {"verdict": "approve", "reason": "", "digest": waiting["digest"]}
        decided = await self.ask("POST", f"/api/v1/approvals/{waiting['approval_id']}", decision, by)
        if not isinstance(decided, dict):
            return decided
        call = await self.ask("GET", f"/api/v1/calls/{waiting['call_id']}?wait_s=30")
        assert call["status"] == "done", call
        return waiting


@asynccontextmanager
async def site_at(folder: Path, environment: Mapping[str, str] | None = None, again: str = "") -> AsyncGenerator[Site]:
    """`again` tells the people of a second start from those of the first."""
    async with application(folder, environment) as app, client(app) as http:
        await app.state.platform.policy.begin()
        boss, other = [await signed_in(app, f"{name}{again}", is_admin=True) for name in ("boss", "other")]
        yield Site(http, app, boss, other, await signed_in(app, f"alice{again}"))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[Site]:
    async with site_at(tmp_path) as found:
        yield found


async def test_policies_are_tried_one_after_the_other_so_that_threads_are_left_for_everybody(site: Site) -> None:
    trial = {"text": STRICT, "days": 1}
    async with site.app.state.platform.policy.trying:
        tried = [asyncio.ensure_future(site.ask("POST", f"{POLICY}/{how}", body))
                 for how, body in (("dry-run", trial), ("check", {"text": STRICT}))]  # fmt: skip
        for _ in range(3):
            assert await site.skills() == "done"
        assert not any(one.done() for one in tried)
    dry, checked = await asyncio.gather(*tried)
    assert (dry["changed"], checked["problems"]) == (3, [])


async def test_a_dry_run_tells_which_recorded_calls_would_be_treated_otherwise(site: Site) -> None:
    for _ in range(3):
        assert await site.skills() == "done"
    await site.ask("POST", "/api/v1/calls", {"tool": "list_skills", "arguments": {}})
    tried = await site.ask("POST", f"{POLICY}/dry-run", {"text": STRICT, "days": 7})
    assert (tried["calls"], tried["changed"], tried["whole"]) == (4, 3, True)
    assert tried["counts"] == [{"was": "allow", "now": "deny", "calls": 3}]
    difference = tried["differences"][0]
    assert (difference["user"], difference["tool"], difference["now"]["rule"]) == ("alice", "list_skills", "no-skills")
    assert await site.skills() == "done", "nothing changed"
    looks = await site.app.state.platform.ledger.read("audit")
    assert [look.body["what"] for look in looks] == ["policy dry run"]


async def test_a_text_is_checked_with_line_and_column_and_no_mistake_comes_into_force(site: Site) -> None:
    assert (await site.ask("POST", f"{POLICY}/check", {"text": STRICT}))["problems"] == []
    wrong = STRICT.replace("effect: deny", "effect: forbid")
    (problem,) = (await site.ask("POST", f"{POLICY}/check", {"text": wrong}))["problems"]
    assert (problem["line"], problem["path"]) == (6, "rules.0.effect")
    assert await site.change(wrong) == "422 policy_invalid"
    assert await site.ask("POST", f"{POLICY}/dry-run", {"text": wrong}) == "422 policy_invalid"
    assert await site.change(STRICT + "# password: correct-horse-battery\n") == "422 bad_input"


async def test_a_change_waits_for_another_administrator_and_can_be_gone_back_from(site: Site) -> None:
    shipped = await site.ask("GET", POLICY)
    assert await site.change(STRICT) == "409 waits_for_approval"
    assert await site.skills() == "done", "not before it is approved"
    assert await site.approve(site.boss) == "403 self_approval"
    shown = await site.approve(site.other)
    assert "+  - id: no-skills" in shown["diff"]
    assert await site.skills() == "denied_by_policy"
    versions = (await site.ask("GET", f"{POLICY}/versions"))["versions"]
    newest = versions[0]
    assert (newest["written_here"], newest["by"], newest["reason"]) == (True, "boss", "as agreed")
    kept = await site.ask("GET", f"{POLICY}/versions/{newest['seq']}")
    assert kept["text"] == STRICT
    assert await site.change(SHIPPED, "back") == "409 waits_for_approval"
    await site.approve(site.other)
    assert await site.skills() == "done"
    assert (await site.ask("GET", POLICY))["version"] == shipped["version"]


async def test_nobody_changes_a_policy_that_they_have_not_looked_at(site: Site) -> None:
    stale = {"text": STRICT, "replaces": "0" * 64, "reason": "in a hurry"}
    assert await site.ask("PUT", POLICY, stale) == "409 policy_changed"
    await site.change(STRICT)
    await site.change(SHIPPED.replace("[]", "[{id: x, when: {}, effect: deny, reason: stop}]"))
    first, second = await site.ask("GET", "/api/v1/approvals?state=pending", by=site.other)
    for waiting, expected in ((second, "done"), (first, "failed")):
        decision = {"verdict": "approve", "reason": "", "digest": waiting["digest"]}
        await site.ask("POST", f"/api/v1/approvals/{waiting['approval_id']}", decision, site.other)
        call = await site.ask("GET", f"/api/v1/calls/{waiting['call_id']}?wait_s=30")
        assert call["status"] == expected


async def test_what_was_put_in_force_is_in_force_after_a_restart_and_a_file_of_the_site_wins(tmp_path: Path) -> None:
    async with site_at(tmp_path) as site:
        await site.change(STRICT)
        await site.approve(site.other)
    async with site_at(tmp_path, again="2") as site:
        assert await site.skills() == "denied_by_policy"
        assert (await site.ask("GET", POLICY))["text"] == STRICT
    file = tmp_path / "policy.yaml"
    file.write_text(SHIPPED)
    async with site_at(tmp_path, {"INK_POLICY__FILE": str(file)}, again="3") as site:
        assert await site.skills() == "done"
        seen = await site.ask("GET", POLICY)
        assert (seen["owned_by_file"], seen["source"], seen["text"]) == (True, str(file), SHIPPED)
        assert await site.change(STRICT) == "409 policy_owned_by_file"


async def test_a_user_reaches_none_of_it(site: Site) -> None:
    for method, path, body in (
        ("GET", POLICY, None),
        ("PUT", POLICY, {"text": SHIPPED, "replaces": "0" * 64, "reason": "x"}),
        ("POST", f"{POLICY}/check", {"text": SHIPPED}),
        ("POST", f"{POLICY}/dry-run", {"text": SHIPPED}),
        ("GET", f"{POLICY}/versions", None),
        ("GET", f"{POLICY}/versions/1", None),
    ):
        assert await site.ask(method, path, body, site.alice) == "403 forbidden", path
    call = {"tool": "apply_policy", "arguments": {"text": SHIPPED, "replaces": "0" * 64, "reason": "x"}}
    refused = await site.ask("POST", "/api/v1/calls", call, site.alice)
    assert (refused["status"], refused["error"]["code"]) == ("refused", "scope_missing")


@pytest.mark.requirement("GATE-APPROVAL-14")
async def test_nobody_changes_the_policy_alone_by_an_administrator_made_for_it(site: Site) -> None:
    made = await site.ask("POST", "/api/v1/users", {"username": "puppet", "is_admin": True})
    assert made["is_admin"]
    identity = site.app.state.core.identity
    code = (await identity.create_sign_in_code("puppet")).secret
    puppet = {**site.boss, "Cookie": f"ink_session={(await identity.redeem_sign_in_code(code)).secret}"}
    await site.change(STRICT)
    assert await site.approve(puppet) == "403 self_approval"
    assert await site.skills() == "done"
    await site.approve(site.other)
    assert await site.skills() != "done"
    now = await site.ask("GET", POLICY)
    await site.ask("PUT", POLICY, {"text": SHIPPED, "replaces": now["version"], "reason": "by myself"}, puppet)
    assert await site.approve(site.boss) == "403 self_approval"
