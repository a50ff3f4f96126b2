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
_ANSWERED = "What was answered:"
_DONE = "What was done, with the ids by which read_result gives a result again:"
_MESSAGE_TOKENS = 300
_ANSWER_TOKENS = 100
_OUTCOME_TOKENS = 20


def by_rules(state: LoopState, compaction: Compaction) -> str:
    """With what was answered, and what was done and how it ended, as far as there is room, the latest first."""
    entries = _covered(state, compaction)
    kept = _kept(entries, compaction.most_tokens)
    room = compaction.most_tokens - tokens("\n".join(kept))
    answers = _latest([line for entry in entries for line in _answers(entry)], 2 * room // 3)
    calls = _latest([line for entry in entries for line in _calls(entry)], room - tokens("\n".join(answers)))
    return "\n".join((*kept, *_under(_ANSWERED, answers), *_under(_DONE, calls)))


def with_notes(state: LoopState, compaction: Compaction, notes: str) -> str:
    """With a model's notes of the rest."""
    kept = "\n".join(_kept(_covered(state, compaction), compaction.most_tokens))
    return f"{kept}\n{cut(notes, max(compaction.most_tokens - tokens(kept), _ANSWER_TOKENS))}"


def _covered(state: LoopState, compaction: Compaction) -> Sequence[Entry]:
    return [entry for entry in state.entries if entry.turn <= compaction.through]


def _kept(entries: Sequence[Entry], most_tokens: int) -> list[str]:
    """What nobody's notes may lose. It takes about three quarters of the room at most."""
    todos = [f"- [{todo.state}] {todo.text}" for todo in _todos(entries)]
    return [*_words(entries, most_tokens // 2), *_under(_TODOS, _latest(todos, most_tokens // 4))]


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


def _under(title: str, lines: Sequence[str]) -> Sequence[str]:
    return (title, *lines) if lines else ()


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


def _answers(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Unanswered):
        yield f"- (turn {entry.turn}) not answered: {_short(entry.why, _ANSWER_TOKENS)}"
    elif isinstance(entry, Reply) and entry.text.strip():
        yield f"- (turn {entry.turn}) {_short(entry.text, _ANSWER_TOKENS)}"


def _calls(entry: Entry) -> Iterator[str]:
    for call in entry.calls if isinstance(entry, Reply) else ():
        asked = _short(call.raw if call.arguments is None else as_json(dict(call.arguments)), _OUTCOME_TOKENS)
        yield f"- {call.tool} {asked} [{call.call_id}]: {_short(_outcome(call), _OUTCOME_TOKENS)}"


def _outcome(call: LoopCall) -> str:
    if call.end is None:
        return "not finished"
    if call.end.error is None:
        return as_json(call.end.result)
    by = f" by {call.decided.by}" if call.decided and call.decided.verdict == "rejected" else ""
    return f"{call.end.error}{by}: {call.end.message}"


def _short(text: str, limit: int) -> str:
    """One line of at most about so many tokens."""
    line = " ".join(text.split())
    return line if tokens(line) <= limit else f"{line[: len(line) * limit // tokens(line)]}…"
