"""What is known of a thing is told to those who may see it, over HTTP and by the tools, and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Attribute, Edge, Layer, Origin, Relation
from tests.security.application import application, client, signed_in

PATH = "/api/v1/knowledge/entities"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
OPEN = Origin("collector@pool", Layer.TOPOLOGY, NOW)
ALICES = Origin("schedd@pool", Layer.RUNTIME, NOW, readers=frozenset({"user:alice", "admins"}))
SECRET = Origin(
    "lens", Layer.RUNTIME, NOW, label=Label(Confidentiality.USER, Integrity.TRUSTED), readers=frozenset({"user:alice"})
)
FACTS = (
    Attribute("node:wn042", "state", "ok", OPEN),
    Edge("node:wn042", Relation.PART_OF, "cluster:pool", OPEN),
    Attribute("job:pool/1.0", "state", "RUNNING", ALICES),
    Attribute("job:pool/1.0", "verdict", "memory_bound", SECRET),
    Edge("job:pool/1.0", Relation.RUNS_ON, "node:wn042", ALICES),
)


async def told(app: FastAPI) -> None:
    knowledge = app.state.platform.knowledge
    await knowledge.recover()
    await knowledge.change(FACTS)
    await knowledge.settled()
    await app.state.platform.contexts.recover()


async def call(asker: httpx2.AsyncClient, tool: str, **arguments: Any) -> Any:
    answer = await asker.post("/api/v1/calls", json={"tool": tool, "arguments": arguments})
    assert answer.json()["error"] is None, answer.json()
    return answer.json()["result"]


async def test_each_reader_is_told_what_they_may_see_of_a_thing_and_of_what_is_near(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as alice, client(app) as bob:
        alice.headers.update(await signed_in(app, "alice"))
        bob.headers.update(await signed_in(app, "bob"))
        await told(app)
        job = {"node": "job:pool/1.0"}
        own = (await alice.get(f"{PATH}/facts", params=job)).json()
        assert {fact["name"] for fact in own["facts"]} == {"state", "verdict", "runs_on"}
        assert (await bob.get(f"{PATH}/facts", params=job)).json()["code"] == "entity_not_found"
        for asker, near in ((alice, ["cluster:pool", "job:pool/1.0"]), (bob, ["cluster:pool"])):
            found = (await asker.get(f"{PATH}/neighbours", params={"node": "node:wn042"})).json()
            assert sorted(each["node"] for each in found["entities"]) == near


async def test_tools_tell_nothing_that_an_external_model_may_not_see(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as alice, client(app) as bob:
        alice.headers.update(await signed_in(app, "alice"))
        bob.headers.update(await signed_in(app, "bob"))
        await told(app)
        described = await call(alice, "describe_entity", node="job:pool/1.0")
        assert {fact["name"] for fact in described["facts"]} == {"state", "runs_on"}
        found = await call(alice, "search_knowledge", question="what about job 1.0?", explain=True)
        assert "memory_bound" not in str(found) and "RUNNING" in str(found)
        assert all(fact["why"] for fact in found["facts"])
        assert "RUNNING" not in str(await call(bob, "search_knowledge", question="what about job 1.0?"))
        near = await call(bob, "neighbourhood", node="node:wn042")
        assert [each["node"] for each in near["entities"]] == ["cluster:pool"]


async def test_a_token_that_reads_no_jobs_is_not_told_of_them_here_either(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as alice, client(app) as program:
        alice.headers.update(await signed_in(app, "alice"))
        await told(app)
        body = {"name": "t", "scopes": ["agent:use"], "lifetime_s": 600}
        token = (await alice.post("/api/v1/tokens", json=body)).json()["token"]
        program.headers["Authorization"] = f"Bearer {token}"
        for path in ("facts", "neighbours"):
            answer = await program.get(f"{PATH}/{path}", params={"node": "job:pool/1.0"})
            assert answer.json()["code"] == "forbidden"
