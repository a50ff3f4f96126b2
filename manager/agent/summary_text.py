"""What a summary of earlier turns says: the users' own words, the to-do list, and notes or what the records tell. Pure.

Names of calls come with it, so that `read_result` gives again what is only named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge_graph.context.token_estimate import tokens
from manager.agent.context_budget import cut
from manager.agent.conversation import as_json
from manager.agent.model import Compaction
from manager.agent.state import Entry, LoopCall, LoopState, Message, Reply, Unanswered
from mcp_tools.todos import WRITES, Todo, todos_of

_SAID = "What the user said, in their words:"
_TODOS = "The to-do list, as it was written last:"
_DONE = "What was done, with the ids by which read_result gives a result again:"
_LINE_TOKENS = 60
_MESSAGE_TOKENS = 300


def by_rules(state: LoopState, compaction: Compaction) -> str:
    """With what was done and with which outcome, as far as there is room, the latest first."""
    entries = _covered(state, compaction)
    kept = _kept(entries, compaction.most_tokens)
    done = [line for entry in entries for line in _lines(entry)]
    return "\n".join((*kept, _DONE, *_latest(done, compaction.most_tokens - tokens("\n".join(kept)))))


def with_notes(state: LoopState, compaction: Compaction, notes: str) -> str:
    """With a model's notes of the rest."""
    kept = "\n".join(_kept(_covered(state, compaction), compaction.most_tokens))
    return f"{kept}\n{cut(notes, max(compaction.most_tokens - tokens(kept), _LINE_TOKENS))}"


def _covered(state: LoopState, compaction: Compaction) -> Sequence[Entry]:
    return [entry for entry in state.entries if entry.turn <= compaction.through]


def _kept(entries: Sequence[Entry], most_tokens: int) -> list[str]:
    """What nobody's notes may lose. It takes about three quarters of the room at most."""
    todos = [f"- [{todo.state}] {todo.text}" for todo in _todos(entries)]
    return [*_words(entries, most_tokens // 2), *([_TODOS, *_latest(todos, most_tokens // 4)] if todos else ())]


def _todos(entries: Sequence[Entry]) -> Sequence[Todo]:
    """Of the latest call that wrote them, what is done first: it is left out first, too."""
    calls = (call for entry in reversed(entries) if isinstance(entry, Reply) for call in reversed(entry.calls))
    written = next((call for call in calls if call.tool == WRITES and call.end and call.end.error is None), None)
    return sorted(todos_of(written.arguments or {}) if written else (), key=lambda todo: todo.state != "done")


def _words(entries: Sequence[Entry], room: int) -> list[str]:
    messages = [entry for entry in entries if isinstance(entry, Message)]
    named = len({message.by for message in messages}) > 1
    lines = [
        f"- (turn {each.turn}{f', {each.by}' if named else ''}) {cut(each.text, _MESSAGE_TOKENS)}" for each in messages
    ]
    # The first message says what it is all about.
    return [_SAID, *lines[:1], *_latest(lines[1:], room - tokens("".join(lines[:1])))]


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
