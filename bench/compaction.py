"""`make bench NAME=compaction`: what compaction keeps of a long conversation, beside leaving out what is oldest.

A conversation of many turns is played through the real loop state and assembler: each turn has a question with a fact
of the user's own, a call with a result of some 1,000 tokens, and an answer with a number that was found. Summaries are
made by rules, so no model is asked. Both ways have the same budget. The last line is one JSON object, by number of
turns: `tokens` of all requests; `goal`, whether the first message is still there at the end; `words`, `findings` and
`handles`, shares of the user's facts, of the numbers found, and of the ids of results that the last request still
holds. Limits: a synthetic conversation; of what a model's own notes keep it tells nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import JsonValue

from bench.machine import machine
from ink_core.identity.principal import USER_SCOPES, Principal
from knowledge_graph.context.token_estimate import tokens
from manager.agent import loop
from manager.agent.assembler import Assembler
from manager.agent.compaction import compacted_body
from manager.agent.model import ModelRequest
from manager.agent.openai_wire import messages
from manager.agent.state import LoopState
from manager.agent.summary_text import by_rules
from mcp_tools.catalogue import default_catalogue

LENGTHS = (60, 240)
ROWS = 40
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
CATALOGUE = default_catalogue()
ASSEMBLER = Assembler(lambda principal: CATALOGUE.offered(principal.scopes), lambda: ("local",))


class Talk:
    """`compacts`: as the product does; else what is oldest is left out of each request."""

    def __init__(self, turns: int, *, compacts: bool) -> None:
        self.turns = turns
        self._compacts = compacts
        self._state: LoopState = loop.begin("s1")
        self._now = BEGAN
        self.requests: list[str] = []
        self.summaries = 0

    def play(self) -> None:
        for turn in range(1, self.turns + 1):
            self._tell("user.message", text=question(turn), by="alice")
            self._asks(turn)
            self._tell("model.replied", turn=turn, text="", calls=[call(turn)])
            self._tell("call.outcome", call_id=call_id(turn), status="done", result={"jobs": list(rows(turn))})
            self._asks(turn)
            self._tell("model.replied", turn=turn, text=answer(turn))
            self._tell("turn.ended", turn=turn, reason="answered")

    def _asks(self, turn: int) -> None:
        self._now += timedelta(seconds=30)
        request = self._request()
        if self._compacts and request.compaction:
            text = by_rules(self._state, request.compaction)
            self._tell("conversation.compacted", **compacted_body(turn, request.compaction, text, "rules"))
            self.summaries += 1
            request = self._request()
        self.requests.append(json.dumps(messages(request.system, request.turns), ensure_ascii=False))

    def _request(self) -> ModelRequest:
        return ASSEMBLER.request(self._state, ALICE, None, self._now)

    def _tell(self, kind: str, **body: JsonValue) -> None:
        self._state, _ = loop.handle(self._state, kind, body, self._now)


def question(turn: int) -> str:
    return (
        f"Look at scan {turn} again, please: its energy limit is LIMIT-{turn:03} GeV and it must not go to queue long."
    )


def answer(turn: int) -> str:
    return (
        f"FOUND-{turn:03} of the {ROWS} jobs of scan {turn} are idle because they ask for more memory than a slot has."
    )


def call_id(turn: int) -> str:
    return f"s1.{turn}.0"


def call(turn: int) -> JsonValue:
    return {"id": f"m{turn}", "tool": "list_jobs", "arguments": {"state": "IDLE"}, "raw": '{"state": "IDLE"}'}


def rows(turn: int) -> Iterator[JsonValue]:
    for number in range(ROWS):
        yield {"job_id": f"{turn}.{number}", "state": "IDLE", "memory_mb": 4096, "command": f"scan.sh {turn} {number}"}


def figures(talk: Talk) -> Mapping[str, Any]:
    last, turns = talk.requests[-1], range(1, talk.turns)
    return {
        "tokens": sum(map(tokens, talk.requests)),
        "goal": f"LIMIT-{1:03}" in last,
        "words": share(f"LIMIT-{turn:03}" in last for turn in turns),
        "findings": share(f"FOUND-{turn:03}" in last for turn in turns),
        "handles": share(f"s1.{turn}.0]" in last or f"call s1.{turn}.0;" in last for turn in turns),
        "summaries": talk.summaries,
    }


def share(found: Iterator[bool]) -> float:
    each = list(found)
    return round(sum(each) / len(each), 3)


def main() -> None:
    told: dict[str, Any] = {"bench": "compaction", "budget": ASSEMBLER.budget.total_tokens}
    for turns in LENGTHS:
        for name, compacts in (("compacted", True), ("left_out", False)):
            talk = Talk(turns, compacts=compacts)
            talk.play()
            told |= {f"{name}_{figure}_{turns}": value for figure, value in figures(talk).items()}
    print(json.dumps({**told, "machine": machine()}))


if __name__ == "__main__":
    main()
