"""The queue of approvals costs what it shows: others' requests are not looked into, and a page is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from manager.gate.call import CallState
from tests.security.application import application
from tests.security.test_attack_requests import signed_in
from tests.security.test_kill_switch import connected, new_session, platform_of, waiting


class Untouchable(Mapping[str, JsonValue]):
    """Arguments that nobody may read."""

    def __getitem__(self, name: str) -> JsonValue:
        raise AssertionError(name)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("read")

    def __len__(self) -> int:
        raise AssertionError("measured")


def of_bob(state: CallState) -> CallState:
    assert state.approval is not None
    request = replace(state.approval, requester="bob", approval_id="a-bob", arguments=Untouchable())
    return replace(state, call_id="c-bob", approval=request)


async def test_others_requests_are_left_out_before_they_are_looked_into_and_a_page_is_bounded(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,):
        await connected(platform_of(app))
        calls = [await waiting(app, alice, await new_session(alice)) for _ in range(3)]
        gate = platform_of(app).gate
        state = of_bob(calls[0])
        gate.book._open[state.call_id] = state  # pyright: ignore[reportPrivateUsage]
        gate.book._approvals["a-bob"] = state.call_id  # pyright: ignore[reportPrivateUsage]
        everything = (await alice.get("/api/v1/approvals")).json()
        assert [one["call_id"] for one in everything] == [call.call_id for call in calls]
        assert (await alice.get("/api/v1/approvals", params={"limit": 2})).json() == everything[:2]
        rejection = {"verdict": "reject", "reason": "no more", "digest": everything[0]["digest"]}
        await alice.post(f"/api/v1/approvals/{everything[0]['approval_id']}", json=rejection)
        both = (await alice.get("/api/v1/approvals", params={"state": "all"})).json()
        assert [one["state"] for one in both] == ["pending", "pending", "rejected"]
        for limit in ("0", "501"):
            assert (await alice.get("/api/v1/approvals", params={"limit": limit})).status_code == 422
