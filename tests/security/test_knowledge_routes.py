"""Contributing, reviewing and correcting over HTTP: who may what, what survives a restart, and what erasing takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from audit.chains import session_chain
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Scope
from ink_core.labels import Confidentiality
from knowledge_graph.contributions.contribution import Content, ContributionKind, Step
from knowledge_graph.contributions.desk import NewContribution
from manager.gate.admission import Proposal
from manager.gate.policy import Origin
from tests.security.application import application, client, signed_in

PATH = "/api/v1/knowledge"
DISK = {"kind": "fact", "title": "wn042 has a new disk", "text": "It has 4 TB now.", "about": ["node:wn042"]}


@dataclass
class Site:
    app: FastAPI
    alice: httpx2.AsyncClient
    bob: httpx2.AsyncClient
    admin: httpx2.AsyncClient

    async def contributed(self, **changes: Any) -> dict[str, Any]:
        return await done(self.alice.post(f"{PATH}/contributions", json=DISK | changes), 201)

    async def reviewed(self, given: dict[str, Any], verdict: str = "accepted", reason: str = "") -> dict[str, Any]:
        body = {"version": given["version"], "verdict": verdict, "reason": reason}
        return await done(self.admin.post(f"{PATH}/contributions/{given['contribution_id']}/review", json=body))

    async def answered_session(self) -> str:
        """A session of alice in which the agent has answered once."""
        session = await done(self.alice.post("/api/v1/sessions", json={"title": "t"}), 201)
        path = f"/api/v1/sessions/{session['session_id']}"
        await done(self.alice.post(f"{path}/messages", json={"text": "how do I get more quota?"}), 202)
        chain = session_chain(session["session_id"])
        async with asyncio.timeout(120):
            async for event in self.app.state.platform.ledger.follow(chain):
                if event.kind == "turn.ended":
                    break
        return str(session["session_id"])


async def done(asked: Any, status: int = 200) -> Any:
    answer = await asked
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def refused(asked: Any) -> str:
    answer = await asked
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])


@asynccontextmanager
async def a_site(path: Path, *, begun: bool = False) -> AsyncGenerator[Site]:
    async with application(path) as app, client(app) as alice, client(app) as bob, client(app) as admin:
        for each, name in ((alice, "alice"), (bob, "bob"), (admin, "admin")):
            each.headers.update(await _browser(app, name, again=begun))
        await app.state.platform.learning.recover()
        yield Site(app, alice, bob, admin)


async def _browser(app: FastAPI, name: str, *, again: bool) -> dict[str, str]:
    if not again:
        return await signed_in(app, name, is_admin=name == "admin")
    identity = app.state.core.identity
    cookie = (await identity.redeem_sign_in_code((await identity.create_sign_in_code(name)).secret)).secret
    return {"Cookie": f"ink_session={cookie}", "Origin": "http://site"}


@pytest.mark.requirement("HUMAN-KNOW-02")
async def test_a_contribution_waits_until_somebody_entitled_accepts_it(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.contributed()
        own = f"{PATH}/contributions/{given['contribution_id']}"
        assert (given["standing"], given["in_force"], given["author"]) == ("pending", None, "alice")
        assert await refused(site.bob.get(own)) == "contribution_not_found"
        queue = await done(site.admin.get(f"{PATH}/contributions", params={"standing": "pending"}))
        assert ([row["title"] for row in queue["contributions"]], queue["waiting"]) == ([DISK["title"]], 1)
        body = {"version": 1, "verdict": "accepted"}
        assert await refused(site.alice.post(f"{own}/review", json=body)) == "forbidden"
        assert (await site.reviewed(given))["in_force"] == 1
        assert (await done(site.bob.get(own)))["reviewer"] == "admin"


async def test_a_group_may_be_given_the_right_to_review(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.contributed()
        group = {"name": "reviewers", "scopes": [Scope.KNOWLEDGE_REVIEW.value]}
        await done(site.admin.post("/api/v1/groups", json=group), 201)
        await done(site.admin.put("/api/v1/groups/reviewers/members/bob"), 204)
        site.bob.headers.update(await _browser(site.app, "bob", again=True))
        own = f"{PATH}/contributions/{given['contribution_id']}"
        accepted = await done(site.bob.post(f"{own}/review", json={"version": 1, "verdict": "accepted"}))
        assert (accepted["reviewer"], accepted["in_force"]) == ("bob", 1)


async def test_nobody_reviews_their_own_whatever_they_may(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await done(site.admin.post(f"{PATH}/contributions", json=DISK), 201)
        own = f"{PATH}/contributions/{given['contribution_id']}"
        body = {"version": 1, "verdict": "accepted"}
        assert await refused(site.admin.post(f"{own}/review", json=body)) == "own_contribution"


async def test_an_author_sees_why_it_was_rejected(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.contributed()
        await site.reviewed(given, "rejected", "it is 2 TB")
        (row,) = (await done(site.alice.get(f"{PATH}/contributions")))["contributions"]
        assert (row["standing"], row["reason"], row["reviewer"]) == ("rejected", "it is 2 TB", "admin")


async def test_what_was_said_and_decided_survives_a_restart(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.reviewed(await site.contributed(text="x" * 1_000_000, kind="document"))
        own = f"{PATH}/contributions/{given['contribution_id']}"
        amendment = {"title": "wn042 has two", "text": "It has 8 TB."}
        await done(site.bob.post(f"{own}/versions", json=amendment), 201)
        before = await done(site.admin.get(own))
    async with a_site(tmp_path, begun=True) as site:
        after = await done(site.admin.get(own))
        assert after == before
        assert (after["in_force"], after["version"], after["author"]) == (1, 2, "bob")
        assert (await site.reviewed(after))["in_force"] == 2


async def test_a_step_marked_wrong_is_kept_with_its_context_for_the_members_of_its_session(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session_id = await site.answered_session()
        said = {"session_id": session_id, "turn": 1, "wrong": "It guessed.", "right": "Ask the storage group."}
        kept = await done(site.alice.post(f"{PATH}/corrections", json=said), 201)
        assert (kept["standing"], kept["step"]["session_id"], kept["step"]["turn"]) == ("private", session_id, 1)
        (row,) = (await done(site.alice.get(f"{PATH}/corrections")))["corrections"]
        assert (row["wrong"], row["right"], row["recalled"]) == ("It guessed.", "Ask the storage group.", 0)
        assert (await done(site.bob.get(f"{PATH}/corrections")))["corrections"] == []
        assert await refused(site.bob.post(f"{PATH}/corrections", json=said)) == "step_not_found"
        missing = said | {"turn": 7}
        assert await refused(site.alice.post(f"{PATH}/corrections", json=missing)) == "step_not_found"


async def test_a_correction_becomes_a_runbook_once_it_is_reviewed(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session_id = await site.answered_session()
        said = {"session_id": session_id, "turn": 1, "wrong": "It guessed.", "right": "Ask.", "share": True}
        kept = await done(site.alice.post(f"{PATH}/corrections", json=said), 201)
        runbook = {"kind": "runbook", "title": "More quota", "text": "Ask.", "promotes": kept["contribution_id"]}
        made = await done(site.alice.post(f"{PATH}/contributions", json=runbook), 201)
        await site.reviewed(made)
        (row,) = (await done(site.alice.get(f"{PATH}/corrections")))["corrections"]
        assert row["promoted_to"] == [made["contribution_id"]]
        foreign = runbook | {"promotes": "f" * 32}
        assert await refused(site.alice.post(f"{PATH}/contributions", json=foreign)) == "contribution_not_found"


async def test_a_runbook_made_of_somebody_elses_correction_has_nothing_of_their_session(tmp_path: Path) -> None:
    """Nor is it told to a model that the correction would not be told to."""
    async with a_site(tmp_path) as site:
        desk = site.app.state.platform.learning.contributions
        step = Step("s1", 2, "s1.2.0", "edit_jobs", (), ("job:pool/1.0", "group:atlas"), "job_refused", "why me?")
        content, user = Content("It guessed.", "Ask."), Confidentiality.USER
        given = NewContribution(
            "c" * 32, ContributionKind.CORRECTION, content, user, members=frozenset({"alice"}), step=step
        )
        await desk.contribute(given, author="alice", by_hand=True)
        await site.reviewed({"contribution_id": given.id, "version": 1})
        seen = await done(site.bob.get(f"{PATH}/contributions/{given.id}"))
        (row,) = (await done(site.bob.get(f"{PATH}/corrections")))["corrections"]
        assert [each["step"]["session_id"] for each in (seen, row)] == ["", ""]
        assert seen["step"]["entities"] == row["step"]["entities"] == ["group:atlas"]
        runbook = {"kind": "runbook", "title": "t", "text": "Ask.", "promotes": given.id, "confidentiality": "public"}
        made = desk.shelf.find(
            (await done(site.bob.post(f"{PATH}/contributions", json=runbook), 201))["contribution_id"]
        )
        assert (made.step, made.members, made.confidentiality) == (step.for_everybody, frozenset(), user)


async def test_an_amendment_that_waits_is_not_shown_to_everybody(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.reviewed(await site.contributed())
        own = f"{PATH}/contributions/{given['contribution_id']}"
        await done(site.alice.post(f"{own}/versions", json={"title": "Secret", "text": "Not yet."}), 201)
        assert "Secret" not in str(await done(site.bob.get(own)))
        assert "Secret" not in str(await done(site.bob.get(f"{PATH}/contributions")))
        assert (await done(site.admin.get(own)))["title"] == "Secret"


async def test_recalls_are_told_of_by_conversation_to_whoever_may_watch_it_and_counted_for_others(
    tmp_path: Path,
) -> None:
    async with a_site(tmp_path) as site:
        given = await site.reviewed(await site.contributed())
        task_id = (await done(site.alice.post("/api/v1/tasks", json={"title": "t"}), 201))["task_id"]
        shared = await done(site.alice.post("/api/v1/sessions", json={"task_id": task_id}), 201)
        alone = await done(site.alice.post("/api/v1/sessions", json={}), 201)
        for session in (shared, alone):
            fact = f"finding:{given['contribution_id']}.text@alice"
            await site.app.state.platform.learning.recalls.note(session["session_id"], 1, 1, [fact])
        path = f"{PATH}/contributions/{given['contribution_id']}/recalls"
        assert await done(site.bob.get(path)) == {"recalls": [], "others": 2}
        await done(site.alice.put(f"/api/v1/tasks/{task_id}/members/bob", json={"role": "watch"}))
        seen = await done(site.bob.get(path))
        assert [row["session_id"] for row in seen["recalls"]] == [shared["session_id"]]
        assert (seen["others"], len((await done(site.alice.get(path)))["recalls"])) == (1, 2)


async def test_erased_content_is_gone_from_the_shelf_too(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.reviewed(await site.contributed())
        own = f"{PATH}/contributions/{given['contribution_id']}"
        await done(site.admin.post("/api/v1/audit/erasures", json={"user": "alice", "reason": "asked for"}))
        left = await done(site.admin.get(own))
        assert (left["standing"], left["in_force"], left["versions"][0]["text"]) == ("erased", None, "")
    async with a_site(tmp_path, begun=True) as site:
        assert (await done(site.admin.get(own)))["standing"] == "erased"


async def test_what_was_said_of_a_session_is_erased_with_it(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session_id = await site.answered_session()
        said = {"session_id": session_id, "turn": 1, "wrong": "It guessed.", "right": "Ask the storage group."}
        await done(site.alice.post(f"{PATH}/corrections", json=said), 201)
        await done(site.admin.post("/api/v1/audit/erasures", json={"session_id": session_id, "reason": "asked for"}))
        (row,) = (await done(site.alice.get(f"{PATH}/corrections")))["corrections"]
        assert (row["standing"], row["wrong"], row["right"]) == ("erased", "", "")


async def test_what_a_model_or_a_foreign_program_wrote_for_somebody_is_marked_as_such(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        assert (await site.contributed())["versions"][0]["by_hand"] is True
        door, admin = site.app.state.platform.door, await _principal(site)
        for origin in ("mcp", "model"):
            view = await door.call(admin, "contribute_knowledge", DISK, origin=origin, chain="portal:admin", wait_s=30)
            own = f"{PATH}/contributions/{view.result['contribution_id']}"
            assert (await done(site.admin.get(own)))["versions"][0]["by_hand"] is False


async def test_an_agent_remembers_for_its_own_session_and_for_no_other_persons(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session_id = await site.answered_session()
        gate, said = site.app.state.platform.gate, {"kind": "finding", "title": "Carbon", "text": "It needs 4 GB."}
        principal = await _principal(site, site.alice)
        call_id = f"{session_id}.1.9"
        await gate.propose(
            Proposal(call_id, "remember", said, principal, Origin.MODEL, session_chain(session_id), None)
        )
        state = await gate.wait(call_id, 100)
        assert state.status.value == "done", (state.decision, state.error)
        (row,) = (await done(site.alice.get(f"{PATH}/contributions")))["contributions"]
        kept = await done(site.alice.get(f"{PATH}/contributions/{row['contribution_id']}"))
        assert (kept["kind"], kept["standing"], kept["step"]["session_id"]) == ("finding", "private", session_id)
        assert kept["versions"][0]["by_hand"] is False
        foreign = said | {"session_id": session_id}
        assert await refused(site.bob.post(f"{PATH}/memories", json=foreign)) == "step_not_found"
        assert await refused(site.alice.post(f"{PATH}/memories", json=said)) == "bad_input"


async def test_an_agent_neither_reviews_nor_withdraws(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        given = await site.contributed()
        platform, admin = site.app.state.platform, await _principal(site)
        named = {"contribution_id": given["contribution_id"]}
        tried = (("review_knowledge", named | {"version": 1, "verdict": "accepted"}), ("withdraw_knowledge", named))
        for origin in ("mcp", "model"):
            for tool, arguments in tried:
                view = await platform.door.call(admin, tool, arguments, origin=origin, chain="portal:admin", wait_s=30)
                assert view.error and view.error.code == "denied_by_policy"


async def _principal(site: Site, browser: httpx2.AsyncClient | None = None) -> Any:
    cookie = str((browser or site.admin).headers["cookie"]).partition("=")[2]
    return await site.app.state.core.identity.authenticating.authenticate(cookie, CredentialKind.SESSION)
