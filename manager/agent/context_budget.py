"""Fitting a conversation into a model's context: what is left out first, and how it is said that it is.

Pure: the same conversation gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge_graph.context.token_estimate import tokens
from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn

CALL_TOKENS = 12
SHORT_TOKENS = 50
NOTE_TOKENS = 30
"""Of the note that something was cut."""
LEFT_OUT = "[left out to save room; read_result with this call's id gives it, and the tool a newer one]"
STEPS = "[earlier steps of this turn are left out to save room]"
EARLIER = "[earlier messages of this conversation are left out to save room]"


@dataclass(frozen=True)
class ContextBudget:
    """Tokens of the whole request, and of one tool result."""

    total_tokens: int = 24_000
    result_tokens: int = 2_000


def cut(text: str, limit: int) -> str:
    """The head of a text, at most about `limit` tokens, with a note of what is missing."""
    if tokens(text) <= limit:
        return text
    kept = len(text) * limit // tokens(text)
    return f"{text[:kept]}… [cut: {kept} of {len(text)} characters; ask for a narrower part]"


def fit(turns: Sequence[Turn], room: int) -> list[Turn]:
    """The turns within `room` tokens.

    First the results of earlier messages go, oldest first; then the earlier messages; then the older results of the
    present one, and its older steps; and last what is long is cut, the present message after the model's own words.
    """
    kept = list(turns)
    over = _leave_out_results(kept, range(_present(kept)), cost(kept) - room)
    if over > 0:
        kept, over = _leave_out_messages(kept, over)
    over = _leave_out_results(kept, range(_present(kept), len(kept)), over)
    if over > 0:
        kept, over = _leave_out_steps(kept, over)
    return _cut_long(kept, over)


def cost(turns: Sequence[Turn]) -> int:
    return sum(_cost(turn) for turn in turns)


def _cost(turn: Turn) -> int:
    match turn:
        case UserTurn(text, by, quoted):
            return tokens(by) + tokens(text) + tokens(quoted)
        case ToolTurn():
            return tokens(turn.content) + tokens(turn.source) + CALL_TOKENS
        case AssistantTurn(text, calls):
            return tokens(text) + sum(tokens(call.raw) + CALL_TOKENS for call in calls)


def _present(turns: Sequence[Turn]) -> int:
    """Where the message that is being answered stands."""
    return max((place for place, turn in enumerate(turns) if isinstance(turn, UserTurn)), default=0)


def _leave_out_results(turns: list[Turn], places: range, over: int) -> int:
    """Empty results in place until nothing is `over`; returns what still is."""
    for place in places:
        turn = turns[place]
        if over <= 0:
            break
        turns[place] = without_result(turn)
        over -= _cost(turn) - _cost(turns[place])
    return over


def without_result(turn: Turn) -> Turn:
    """The same where there is none, or leaving it out would save nothing."""
    long = isinstance(turn, ToolTurn) and len(turn.content) > len(LEFT_OUT)
    return replace(turn, content=LEFT_OUT) if isinstance(turn, ToolTurn) and long else turn


def _leave_out_messages(turns: list[Turn], over: int) -> tuple[list[Turn], int]:
    """Without the oldest messages and what answered them; a call and its result go together."""
    saved, present = -_cost(UserTurn(EARLIER)), _present(turns)
    for place, turn in enumerate(turns):
        if place > 0 and isinstance(turn, UserTurn) and (saved >= over or place == present):
            return [UserTurn(EARLIER), *turns[place:]], over - saved
        saved += _cost(turn)
    return turns, over


def _leave_out_steps(turns: list[Turn], over: int) -> tuple[list[Turn], int]:
    """Without the oldest replies to the present message and their results; the latest stays."""
    first = _present(turns) + 1
    replies = [place for place, turn in enumerate(turns) if isinstance(turn, AssistantTurn) and place >= first]
    for place in replies[1:]:
        saved = cost(turns[first:place]) - _cost(AssistantTurn(STEPS))
        if saved >= over or place == replies[-1]:
            return [*turns[:first], AssistantTurn(STEPS), *turns[place:]], over - saved
    return turns, over


def _cut_long(turns: list[Turn], over: int) -> list[Turn]:
    for place in sorted(range(len(turns)), key=lambda place: isinstance(turns[place], UserTurn)):
        if over > 0:
            shorter = _cut_turn(turns[place], over)
            over -= _cost(turns[place]) - _cost(shorter)
            turns[place] = shorter
    return turns


def _cut_turn(turn: Turn, over: int) -> Turn:
    match turn:
        case UserTurn(text) if text != EARLIER:
            over_text = over - tokens(turn.quoted)
            shorter = _shorter(text, over_text) if over_text > 0 else text
            return replace(turn, text=shorter, quoted=_shorter(turn.quoted, over) if turn.quoted else "")
        case AssistantTurn(text, calls):
            return replace(turn, text=_shorter(text, over), calls=tuple(map(_without_arguments, calls)))
        case _:
            return turn


def _shorter(text: str, over: int) -> str:
    return cut(text, max(tokens(text) - over - NOTE_TOKENS, SHORT_TOKENS))


def _without_arguments(call: RequestedCall) -> RequestedCall:
    """Of a call with long ones; what it was to do is on record, and its result says how it ended."""
    return call if tokens(call.raw) <= SHORT_TOKENS else replace(call, arguments=None, raw=cut(call.raw, SHORT_TOKENS))
