"""Usage and budgets over REST: one's own, everybody's for administrators, and who may raise what."""

from __future__ import annotations

from pathlib import Path

from manager.budgets.usage import Used
from tests.security.application import application, client, signed_in


async def test_a_user_sees_its_own_usage_and_an_administrator_everybodys(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, admin = await signed_in(app, "alice"), await signed_in(app, "root1", is_admin=True)
        platform = app.state.platform
        for username, session in (("alice", "s1"), ("bob", "s2")):
            now = platform.core.clock.now()
            platform.usage.add(Used(session, 3, now, username, "qwen", 1000, 50, 2_500_000))
        own = (await http.get("/api/v1/usage?by=session", headers=alice)).json()
        assert [(line["name"], line["prompt_tokens"], line["money"]) for line in own["lines"]] == [("s1", 1000, 2.5)]
        denied = await http.get("/api/v1/usage?everybody=true", headers=alice)
        assert (denied.status_code, denied.json()["code"]) == (403, "forbidden")
        everybody = (await http.get("/api/v1/usage?by=user&everybody=true", headers=admin)).json()
        assert {line["name"] for line in everybody["lines"]} == {"alice", "bob"}


async def test_only_an_administrator_raises_the_budget_of_a_user_and_it_is_on_record(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, admin = await signed_in(app, "alice"), await signed_in(app, "root1", is_admin=True)
        more = {"tokens": 1000, "money": 1.5}
        assert (await http.put("/api/v1/usage/budgets/alice", json=more, headers=alice)).status_code == 403
        raised = await http.put("/api/v1/usage/budgets/alice", json=more, headers=admin)
        assert raised.json() == {"username": "alice", **more, "tokens_spent": 0, "money_spent": 0.0}
        assert (await http.get("/api/v1/usage/budget", headers=alice)).json()["tokens"] == 1000
        assert (await http.put("/api/v1/usage/budgets/nobody9", json=more, headers=admin)).status_code == 404
        recorded = await app.state.platform.ledger.read("accounts")
        assert [event.body["username"] for event in recorded if event.kind == "budget.changed"] == ["alice"]


async def test_the_budget_of_a_session_is_its_owners(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        session = (await http.post("/api/v1/sessions", json={}, headers=alice)).json()["session_id"]
        path, more = f"/api/v1/sessions/{session}/budget", {"tokens": None, "money": 2}
        assert (await http.put(path, json=more, headers=bob)).status_code == 404
        assert (await http.put(path, json={"tokens": -1, "money": 2}, headers=alice)).status_code == 422
        assert (await http.put(path, json=more, headers=alice)).json()["over_budget"] is False
