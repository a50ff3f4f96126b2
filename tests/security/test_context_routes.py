"""The context of a question, explained over REST: to each as far as it may see the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from ink_core.identity.principal import Scope
from knowledge_graph.facts import Attribute, Layer, Origin
from knowledge_graph.ingest.jobs import facts_of_job
from mcp_tools.doubles import memory_job
from tests.security.application import application, client, signed_in

OPEN = Origin("monitor", Layer.RUNTIME, datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
PRIVATE = Origin("queue@pool", Layer.RUNTIME, OPEN.observed_at, readers=frozenset({"user:alice", "admins"}))
FACTS = [
    Attribute("node:wn042", "state", "down", OPEN),
    Attribute("job:pool/12.0", "reason", "wn042 went down", PRIVATE),
]
ASKED = {"question": "why is job pool/12.0 held on wn042?"}


async def known(app: FastAPI) -> None:
    platform = app.state.platform
    await platform.knowledge.recover()
    await platform.contexts.recover()
    await platform.knowledge.change(FACTS)
    await platform.knowledge.settled()


@pytest.mark.requirement("MODEL-CONTEXT-05")
async def test_a_pack_is_explained_to_each_as_far_as_it_may_see_and_to_nobody_without_a_credential(
    tmp_path: Path,
) -> None:
    async with application(tmp_path) as app, client(app) as http:
        await known(app)
        seen: dict[str, Any] = {}
        for name, is_admin in (("alice", False), ("bob", False), ("root1", True)):
            headers = await signed_in(app, name, is_admin=is_admin)
            seen[name] = (await http.post("/api/v1/context/explain", json=ASKED, headers=headers)).json()
        reason = {"job:pool/12.0.reason@queue@pool"}
        assert {name: reason <= _ids(pack) for name, pack in seen.items()} == {
            "alice": True,
            "bob": False,
            "root1": True,
        }
        assert "12.0" not in str(seen["bob"]["facts"]) + str(seen["bob"]["cut"])
        assert seen["bob"]["facts"][0]["reason"] == "named in the question"
        assert (await http.post("/api/v1/context/explain", json=ASKED)).status_code == 401


@pytest.mark.requirement("MODEL-CONTEXT-05")
async def test_a_token_that_may_not_read_jobs_is_told_nothing_of_queues(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        await known(app)
        job = facts_of_job(memory_job("12.0", "bob"), app.state.platform.core.clock.now())
        await app.state.platform.knowledge.change(job)
        await app.state.platform.knowledge.settled()
        identity, told = app.state.core.identity, dict[bool, bool]()
        await identity.create_user("alice")
        for may_read, scopes in ((True, {Scope.AGENT_USE, Scope.JOBS_READ}), (False, {Scope.AGENT_USE})):
            token = await identity.create_token_of("alice", f"t{may_read}", frozenset(scopes), timedelta(hours=1))
            headers = {"Authorization": f"Bearer {token.secret}"}
            pack = (await http.post("/api/v1/context/explain", json=ASKED, headers=headers)).json()
            told[may_read] = "job:pool/12.0.state@queue@pool" in _ids(pack)
        assert told == {True: True, False: False}


async def test_before_the_model_has_been_read_it_is_said_that_it_is_not(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        answer = await http.post("/api/v1/context/explain", json=ASKED, headers=await signed_in(app, "alice"))
        assert (answer.status_code, answer.json()["code"]) == (503, "context_not_ready")


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x" * 4001}, {**ASKED, "tokens": 0}])
async def test_a_question_that_is_none_is_refused(tmp_path: Path, body: Mapping[str, Any]) -> None:
    async with application(tmp_path) as app, client(app) as http:
        answer = await http.post("/api/v1/context/explain", json=body, headers=await signed_in(app, "alice"))
        assert answer.status_code == 422


def _ids(pack: Mapping[str, Any]) -> set[str]:
    return {fact["fact_id"] for fact in pack["facts"]}
