"""Usage and budgets over REST: one's own, everybody's for administrators, and who may raise what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from manager.budgets.spender import Spender
from manager.budgets.usage import Used
from tests.security.application import application, client, signed_in

NO_LIMITS = {"tokens": None, "money": None, "calls": None, "wall_s": None, "cpu_hours": None}


@pytest.mark.requirement("AGENT-BUDGET-03")
async def test_a_user_sees_its_own_usage_and_an_administrator_everybodys(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, admin = await signed_in(app, "alice"), await signed_in(app, "root1", is_admin=True)
        platform = app.state.platform
        now = platform.core.clock.now()
        for spender in (Spender("alice", "t1", ("s1", "c1")), Spender("alice", "t1", ("s1",)), Spender("bob")):
            row_id, model = f"{spender.username} {len(spender.agents)}", "qwen" if spender.agents else None
            used = Used(
                id=row_id,
                at=now,
                spender=spender,
                model=model,
                prompt_tokens=1000,
                money=2_500_000,
                calls=2,
                wall_ms=500,
                cpu_s=1800,
            )
            platform.usage.add(used)
        summed = {"prompt_tokens": 2000, "completion_tokens": 0, "money": 5.0, "calls": 4, "wall_s": 1.0}
        for by, names in {"session": ["s1"], "task": ["t1"], "model": ["qwen"], "user": ["alice"]}.items():
            own = (await http.get(f"/api/v1/usage?by={by}", headers=alice)).json()
            assert own["lines"] == [{"name": name, "replies": 0, **summed, "cpu_hours": 1.0} for name in names]
        agents = (await http.get("/api/v1/usage?by=agent", headers=alice)).json()
        assert {line["name"]: line["cpu_hours"] for line in agents["lines"]} == {"s1": 0.5, "c1": 0.5}
        denied = await http.get("/api/v1/usage?everybody=true", headers=alice)
        assert (denied.status_code, denied.json()["code"]) == (403, "forbidden")
        everybody = (await http.get("/api/v1/usage?by=user&everybody=true", headers=admin)).json()
        assert {line["name"] for line in everybody["lines"]} == {"alice", "bob"}


async def test_only_an_administrator_raises_the_budget_of_a_user_and_it_is_on_record(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, admin = await signed_in(app, "alice"), await signed_in(app, "root1", is_admin=True)
        more = {"tokens": 1000, "money": 1.5, "cpu_hours": 0.5}
        assert (await http.put("/api/v1/usage/budgets/alice", json=more, headers=alice)).status_code == 403
        raised = (await http.put("/api/v1/usage/budgets/alice", json=more, headers=admin)).json()
        assert raised["account"] == "user alice"
        assert raised["limits"] == raised["left"] == {**NO_LIMITS, **more}
        assert raised["spent"] == raised["reserved"] == dict.fromkeys(NO_LIMITS, 0)
        assert (await http.get("/api/v1/usage/budget", headers=alice)).json()["limits"]["tokens"] == 1000
        assert (await http.put("/api/v1/usage/budgets/nobody9", json=more, headers=admin)).status_code == 404
        recorded = await app.state.platform.ledger.read("accounts")
        assert [event.body["username"] for event in recorded if event.kind == "budget.changed"] == ["alice"]


async def test_an_administrator_reads_the_budget_of_a_user_and_members_that_of_their_task(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        admin = await signed_in(app, "root1", is_admin=True)
        assert (await http.get("/api/v1/usage/budgets/alice", headers=bob)).status_code == 403
        assert (await http.get("/api/v1/usage/budgets/nobody9", headers=admin)).status_code == 404
        assert (await http.get("/api/v1/usage/budgets/alice", headers=admin)).json()["account"] == "user alice"
        task = (await http.post("/api/v1/tasks", json={"title": "Calibration"}, headers=alice)).json()["task_id"]
        await http.put(f"/api/v1/tasks/{task}/budget", json={"tokens": 5000}, headers=alice)
        told = (await http.get(f"/api/v1/usage/tasks/{task}", headers=alice)).json()
        assert (told["account"], told["limits"]["tokens"], told["left"]["tokens"]) == (f"task {task}", 5000, 5000)
        assert (await http.get(f"/api/v1/usage/tasks/{task}", headers=bob)).status_code == 404
        assert (await http.get("/api/v1/usage/tasks/nothing", headers=alice)).status_code == 404


async def test_the_budget_of_a_session_is_its_owners(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        session = (await http.post("/api/v1/sessions", json={}, headers=alice)).json()["session_id"]
        path, more = f"/api/v1/sessions/{session}/budget", {"tokens": None, "money": 2}
        assert (await http.put(path, json=more, headers=bob)).status_code == 404
        assert (await http.put(path, json={"tokens": -1, "money": 2}, headers=alice)).status_code == 422
        assert (await http.put(path, json=more, headers=alice)).json()["over_budget"] is False
        usage = f"/api/v1/usage/sessions/{session}"
        assert (await http.get(usage, headers=bob)).status_code == 404
        told = (await http.get(usage, headers=alice)).json()
        assert [each["account"] for each in told["budgets"]] == ["user alice", f"session {session}"]
        assert told["left"] == {**NO_LIMITS, "money": 2.0}


async def test_a_program_over_its_budget_is_told_so_and_a_person_in_the_page_goes_on(tmp_path: Path) -> None:
    async with application(tmp_path, {"INK_BUDGETS__USER__CALLS": "1"}) as app, client(app) as http:
        alice = await signed_in(app, "alice")
        new = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 600}
        made = await http.post("/api/v1/tokens", json=new, headers=alice)
        program = {"Authorization": f"Bearer {made.json()['token']}"}
        call = {"tool": "list_skills", "arguments": {}}
        first = await http.post("/api/v1/calls", json=call, headers=program)
        second = await http.post("/api/v1/calls", json=call, headers=program)
        assert first.json()["status"] == "done"
        assert (second.json()["status"], second.json()["error"]["code"]) == ("refused", "budget_exhausted")
        assert (await http.post("/api/v1/calls", json=call, headers=alice)).json()["status"] == "done"
        assert (await http.get("/api/v1/usage/budget", headers=alice)).json()["spent"]["calls"] == 1


async def test_the_models_are_told_with_their_trust_context_and_price(tmp_path: Path) -> None:
    near: dict[str, object] = {"name": "near", "base_url": "http://127.0.0.1:9/v1", "model": "q", "trust": "site"}
    near |= {"context_tokens": 8192, "prompt_price": 0.5, "tool_calling": "json_schema"}
    far = {"name": "far", "base_url": "http://127.0.0.1:9/v1", "model": "g", "trust": "external"}
    async with application(tmp_path, {"INK_MODELS": json.dumps([near, far])}) as app, client(app) as http:
        alice = await signed_in(app, "alice")
        told = (await http.get("/api/v1/models", headers=alice)).json()
        assert [(each["name"], each["trust"], each["is_default"]) for each in told] == [
            ("near", "site", True),
            ("far", "external", False),
            ("offline guide", "builtin", False),
        ]
        assert [(each["context_tokens"], each["prompt_price"], each["tool_calling"]) for each in told] == [
            (8192, 0.5, "json_schema"),
            (32768, 0.0, "native"),
            (None, 0.0, "rules"),
        ]
        session = (await http.post("/api/v1/sessions", json={}, headers=alice)).json()
        assert session["context"] == {"used": 0, "total": 8192}
        changed = await http.patch(f"/api/v1/sessions/{session['session_id']}", json={"model": "far"}, headers=alice)
        assert changed.json()["context"] == {"used": 0, "total": 32768}


async def test_a_member_of_a_task_is_not_told_how_the_month_of_another_one_stands(tmp_path: Path) -> None:
    async with application(tmp_path, {"INK_BUDGETS__USER__TOKENS": "7"}) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        made = await http.post("/api/v1/tasks", json={"title": "Higgs", "workspace": "/data"}, headers=alice)
        task_id = made.json()["task_id"]
        member = {"role": "watch", "shows": "experiment"}
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=member, headers=alice)
        opened = await http.post("/api/v1/sessions", json={"task_id": task_id}, headers=alice)
        usage = f"/api/v1/usage/sessions/{opened.json()['session_id']}"
        told = {name: (await http.get(usage, headers=who)).json() for name, who in (("alice", alice), ("bob", bob))}
        accounts = {name: [each["account"] for each in one["budgets"]] for name, one in told.items()}
        assert accounts["alice"] == ["user alice", *accounts["bob"]]
        assert accounts["bob"][0] == f"task {task_id}"
        assert (told["alice"]["left"]["tokens"], told["bob"]["left"]["tokens"]) == (7, None)
