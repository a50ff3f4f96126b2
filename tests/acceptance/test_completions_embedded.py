"""A chat front end on the running product, by the `openai` client: approvals, and what happens when it goes away."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture, sleeping_job
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

embedded = embedded_fixture()
alice, bob, admin = client_fixture("alice"), client_fixture("bob"), client_fixture("admin")


@pytest.fixture(scope="module")
def front_end(embedded: Embedded, alice: Client) -> Iterator[openai.OpenAI]:
    scopes = ["agent:use", "jobs:read", "jobs:manage", "files:read", "files:write"]
    token = alice.post("/tokens", {"name": "front end", "scopes": scopes, "lifetime_s": 600})["token"]
    with openai.OpenAI(api_key=token, base_url=f"{embedded.url}/v1", max_retries=0) as client:
        yield client


def said(front_end: openai.OpenAI, messages: list[ChatCompletionMessageParam], text: str) -> str:
    """The answer to one more message, which is added to the conversation with it, as a front end does."""
    messages.append({"role": "user", "content": text})
    answer = front_end.chat.completions.create(model="ink", messages=messages).choices[0].message.content or ""
    messages.append({"role": "assistant", "content": answer})
    return answer


@pytest.mark.requirement("AGENT-COMPLETIONS-02")
def test_an_approval_is_told_with_where_it_is_decided_and_what_came_of_it_with_the_next_answer(
    embedded: Embedded, front_end: openai.OpenAI, alice: Client, bob: Client, admin: Client
) -> None:
    job_id, messages = sleeping_job(bob), list[ChatCompletionMessageParam]()
    asked = said(front_end, messages, f"remove job {job_id}")
    assert "Approval needed" in asked and f"{embedded.url}/#/approvals" in asked
    waiting = said(front_end, messages, "and now?")
    assert "was not taken" in waiting and "Approval needed" in waiting
    (request,) = [one for one in admin.get("/approvals") if one["requester"] == "alice"]
    assert request["approval_id"] in asked
    decision = {"verdict": "reject", "reason": "ask bob first", "digest": request["digest"]}
    admin.post(f"/approvals/{request['approval_id']}", decision)
    until("the turn has ended", lambda: not any(one["running"] for one in alice.get("/sessions")), 120)
    del messages[2:]  # as a front end that was reloaded does not know what was not taken
    afterwards = said(front_end, messages, "help")
    assert "ask bob first" in afterwards and "offline guide" in afterwards
    assert len(alice.get("/sessions")) == 1
    bob.call("remove_jobs", {"job_ids": [job_id]})


@pytest.mark.requirement("AGENT-COMPLETIONS-01")
def test_a_front_end_that_goes_away_stops_what_it_asked_for(front_end: openai.OpenAI, alice: Client) -> None:
    raw = front_end.chat.completions.with_raw_response.create(
        model="ink", messages=[{"role": "user", "content": "run sleep 600"}], stream=True
    )
    session_id, stream = raw.headers["Ink-Session"], raw.parse()
    next(iter(stream))
    until("the command is being run", lambda: alice.get(f"/sessions/{session_id}")["running"], 120)
    stream.close()
    until("it was stopped", lambda: not alice.get(f"/sessions/{session_id}")["running"], 120)
    (turn,) = alice.get(f"/sessions/{session_id}/turns")
    assert turn["ended"] == "stopped"
