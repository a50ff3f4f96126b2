"""What the platform knows of itself goes with a question to a model, is explained by `ink context`, and is replayed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.embedded import running_embedded
from tests.acceptance.event_stream import turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

QUESTION = "what risk has the tool remove_jobs?"
FACT = "tool:remove_jobs"


@pytest.mark.requirement("MODEL-CONTEXT-02")
@pytest.mark.requirement("MODEL-CONTEXT-03")
def test_a_question_takes_along_what_is_known_says_why_and_is_replayed_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server(tmp_path, [ScriptedReply(text="I read: {context}")]) as base_url:
        settings = {"models": [model_settings(base_url, 60)]}
        with running_embedded(tmp_path, settings) as embedded:
            code, token = embedded.ink("token", "create", "alice", "--name", "tests", "--scope", "agent:use")
            assert code == 0, token
            monkeypatch.setenv("INK_TOKEN", token.strip())
            explain = ("context", "explain", QUESTION)
            pack = until(
                "the tools are known", lambda: _with_facts(embedded.ink(*explain, "--json", "--tokens", "80")), 60
            )
            assert pack["facts"][0]["fact_id"].startswith(FACT)
            assert pack["tokens"] <= 80
            code, told = embedded.ink(*explain, "--tokens", "80")
            assert (code, "named in the question" in " ".join(told.split())) == (0, True), told

            alice = embedded.sign_in("alice")
            session = alice.post("/sessions", {})["session_id"]
            alice.post(f"/sessions/{session}/messages", {"text": QUESTION})
            assert FACT in str(turn_events(alice.http, session))
            alice.http.close()
            code, replayed = embedded.ink("audit", "replay", session)
            assert code == 0, replayed
            assert "1 of 1" in " ".join(replayed.split()), replayed


def _with_facts(said: tuple[int, str]) -> dict[str, Any] | None:
    code, text = said
    pack = json.loads(text) if code == 0 else {}
    return pack if any(fact["fact_id"].startswith(FACT) for fact in pack.get("facts", ())) else None
