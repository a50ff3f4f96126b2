"""Plan mode over HTTP: whoever may steer a conversation switches it, nobody else, and everybody in it sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.application import application
from tests.security.test_attack_requests import signed_in

pytestmark = pytest.mark.requirement("AGENT-PLAN-01")


async def test_the_owner_switches_it_and_another_user_finds_no_such_session(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "bob") as (alice, bob):
        opened = (await alice.post("/api/v1/sessions", json={"title": "work"})).json()
        assert (opened["plan_mode"], opened["todos"]) == (False, [])
        address = f"/api/v1/sessions/{opened['session_id']}/plan-mode"
        assert (await bob.put(address, json={"on": True})).status_code == 404
        assert (await alice.put(address, json={"on": True})).json()["plan_mode"] is True
        assert (await alice.get(f"/api/v1/sessions/{opened['session_id']}")).json()["plan_mode"] is True
        assert (await alice.put(address, json={"on": "perhaps"})).status_code == 422
