"""A long conversation made shorter: which turns a summary stands for, and when one is due. Pure.

A summary stands for all turns of the path up to one turn. The turns themselves stay in the state, so a later summary is
made of them again and not of an earlier summary. What it says: `summary_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from knowledge_graph.context.token_estimate import tokens
from manager.agent.context_budget import cost, without_result
from manager.agent.conversation import conversation
from manager.agent.model import AssistantTurn, Compaction, Turn, UserTurn
from manager.agent.state import LoopState

FULL = 0.8
"""Of the room for the conversation: beyond that it is compacted."""
KEPT = 0.3
"""Of the room: so much of the latest turns is left as it is."""
SUMMARY = 3
"""A summary takes at most this part of the room."""
MOST_TOKENS = 3_000

MARK = "[Earlier messages of this conversation were put together to save room; the reply to this is what they held.]"


def due(told: Sequence[tuple[int, Turn]], room: int) -> Compaction | None:
    """What to compact of a conversation, each turn of it with its number, when it nearly fills `room` tokens.

    Results of earlier turns do not count: they are left out one by one, and can be read again. The turn that is
    answered is never part of it, and nothing is due where all that could be saved are recent turns.
    """
    costs = _costs(without_results(told))
    if sum(costs.values()) <= FULL * room:
        return None
    kept = 0
    for number in sorted(costs, reverse=True)[1:]:
        kept += costs[number]
        if kept > KEPT * room:
            return up_to(number, told, room // SUMMARY)
    return None


def up_to(through: int, told: Iterable[tuple[int, Turn]], most_tokens: int = MOST_TOKENS) -> Compaction:
    return Compaction(through, tuple(turn for number, turn in told if number <= through), most_tokens)


def without_results(told: Sequence[tuple[int, Turn]]) -> Iterator[tuple[int, Turn]]:
    """Of earlier turns than the last one."""
    last = max((number for number, _ in told), default=0)
    return ((number, turn if number == last else without_result(turn)) for number, turn in told)


def _costs(told: Iterable[tuple[int, Turn]]) -> Mapping[int, int]:
    costs: dict[int, int] = {}
    for number, turn in told:
        costs[number] = costs.get(number, 0) + cost([turn])
    return costs


def all_ended(state: LoopState) -> Compaction | None:
    """All turns of the path but one that runs; None where a summary stands for these already."""
    head = state.paths.head
    through = state.paths.parents[head] if state.running else head
    return up_to(through, conversation(state)) if through > state.covered else None


def compacted_body(turn: int, compaction: Compaction, text: str, made_by: str) -> dict[str, JsonValue]:
    """Body of `conversation.compacted`, with the tokens of the turns and of the summary that stands for them."""
    return {
        "turn": turn,
        "through": compaction.through,
        "text": text,
        "made_by": made_by,
        "before_tokens": cost(compaction.turns),
        "after_tokens": tokens(text),
    }


def summarised(state: LoopState) -> tuple[Turn, ...]:
    """What stands in the place of the turns that a summary covers; nothing where there is none."""
    text = state.summaries.get(state.covered)
    return () if text is None else (UserTurn(MARK), AssistantTurn(text))
