"""A long conversation made shorter: which turns a summary stands for, and what it says where rules write it. Pure.

A summary stands for all turns of the path up to one turn. The turns themselves stay in the state, so a later summary is
made of them again and not of an earlier summary, and the user's own words are in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from knowledge_graph.context.token_estimate import tokens
from manager.agent.context_budget import cost, cut
from manager.agent.conversation import as_json, conversation
from manager.agent.model import AssistantTurn, Compaction, Turn, UserTurn
from manager.agent.state import Entry, LoopCall, LoopState, Message, Reply, Unanswered

FULL = 0.8
"""Of the room for the conversation: beyond that it is compacted."""
KEPT = 0.3
"""Of the room: so much of the latest turns is left as it is."""
SUMMARY = 6
"""A summary takes at most this part of the room."""
MOST_TOKENS = 3_000

MARK = "[Earlier messages of this conversation were put together to save room; the reply to this is what they held.]"
_SAID = "What the user said, in their words:"
_DONE = "What was done, with the ids by which read_result gives a result again:"
_LINE_TOKENS = 60
_MESSAGE_TOKENS = 300


def due(told: Sequence[tuple[int, Turn]], room: int) -> Compaction | None:
    """What to compact of a conversation, each turn of it with its number, when it nearly fills `room` tokens.

    The turn that is answered is never part of it, and nothing is due where all that could be saved are recent turns.
    """
    costs = _costs(told)
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


def by_rules(state: LoopState, compaction: Compaction) -> str:
    """The user's words, and what was done with which outcome, the latest of both before the earliest."""
    entries = [entry for entry in state.entries if entry.turn <= compaction.through]
    said = _words(entries, compaction.most_tokens // 2)
    done = [line for entry in entries for line in _lines(entry)]
    return "\n".join((said, _DONE, *_latest(done, compaction.most_tokens - tokens(said))))


def with_notes(state: LoopState, compaction: Compaction, notes: str) -> str:
    """The user's words, and a model's notes of the rest."""
    said = _words([entry for entry in state.entries if entry.turn <= compaction.through], compaction.most_tokens // 2)
    return f"{said}\n{cut(notes.strip(), max(compaction.most_tokens - tokens(said), _LINE_TOKENS))}"


def _words(entries: Sequence[Entry], room: int) -> str:
    messages = [entry for entry in entries if isinstance(entry, Message)]
    named = len({message.by for message in messages}) > 1
    lines = [
        f"- (turn {each.turn}{f', {each.by}' if named else ''}) {cut(each.text, _MESSAGE_TOKENS)}" for each in messages
    ]
    # The first message says what it is all about.
    return "\n".join((_SAID, *lines[:1], *_latest(lines[1:], room - tokens("".join(lines[:1])))))


def _latest(lines: Sequence[str], room: int) -> list[str]:
    """As many of the last lines as fit, and how many do not."""
    kept = list[str]()
    for line in reversed(lines):
        room -= tokens(line)
        if room < 0:
            break
        kept.insert(0, line)
    left = len(lines) - len(kept)
    return [f"- … ({left} earlier left out)", *kept] if left else kept


def _lines(entry: Entry) -> Iterator[str]:
    match entry:
        case Message():
            return
        case Unanswered(turn, why):
            yield f"- (turn {turn}) not answered: {cut(why, _LINE_TOKENS)}"
        case Reply(turn, text, calls):
            yield from (f"- (turn {turn}) {_call(call)}" for call in calls)
            if text.strip():
                yield f"- (turn {turn}) answered: {cut(text.strip(), 2 * _LINE_TOKENS)}"


def _call(call: LoopCall) -> str:
    asked = cut(call.raw if call.arguments is None else as_json(dict(call.arguments)), _LINE_TOKENS)
    return f"{call.tool} {asked} [{call.call_id}]: {_outcome(call)}"


def _outcome(call: LoopCall) -> str:
    if call.end is None:
        return "not finished"
    if call.end.error is None:
        return cut(as_json(call.end.result), _LINE_TOKENS)
    by = f" by {call.decided.by}" if call.decided and call.decided.verdict == "rejected" else ""
    return f"{call.end.error}{by}: {cut(call.end.message, _LINE_TOKENS)}"
