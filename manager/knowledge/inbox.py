"""What waits to be told to the model: the newest word of each source and of each fact, and no more than there is room.

Pure. A flood that says the same facts again and again costs no room: the later word takes the place of the earlier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_graph.changes import Change, Observation
from knowledge_graph.facts import Fact
from knowledge_graph.model import GlobalModel
from knowledge_graph.slices import SLICE


@dataclass(frozen=True)
class Gone:
    """The fact with this id no longer holds."""

    fact_id: str


@dataclass(frozen=True)
class Confirmation:
    """All that the source has said still held at that time."""

    source: str
    at: datetime


Word = Fact | Gone | Observation | Confirmation
Key = tuple[str, str]


class Inbox:
    """`room` counts facts. What is larger than all of it is taken when nothing else waits."""

    def __init__(self, room: int) -> None:
        self.coalesced = 0
        self._room = room
        self._words: dict[Key, Word] = {}
        self._facts = 0

    def __len__(self) -> int:
        """Facts that wait."""
        return self._facts

    def has_room_for(self, facts: int) -> bool:
        return not self._words or self._facts + facts <= self._room

    def put(self, word: Word) -> None:
        key = _key(word)
        before = self._words.pop(key, None)
        if before is not None:
            self.coalesced += 1
            self._facts -= _weight(before)
        self._words[key] = word
        self._facts += _weight(word)

    def take(self) -> Sequence[Word]:
        """All that waits, in the order of the last words."""
        words = list(self._words.values())
        self._words.clear()
        self._facts = 0
        return words


def steps(words: Sequence[Word], model: GlobalModel) -> Iterator[Sequence[Change]]:
    """Tells the model, in steps of some milliseconds between which others may have it."""
    said, unsaid = list[Fact](), list[str]()
    for word in words:
        if isinstance(word, Observation | Confirmation) or len(said) + len(unsaid) >= SLICE:
            yield model.change(said, unsaid)
            said, unsaid = [], []
        if isinstance(word, Observation):
            yield from model.observing(word)
        elif isinstance(word, Confirmation):
            model.confirm(word.source, word.at)
        elif isinstance(word, Gone):
            unsaid.append(word.fact_id)
        else:
            said.append(word)
    yield model.change(said, unsaid)


def _key(word: Word) -> Key:
    match word:
        case Observation(source):
            return "observation", source
        case Confirmation(source):
            return "confirmation", source
        case Gone(fact_id):
            return "fact", fact_id
        case _:
            return "fact", word.id


def _weight(word: Word) -> int:
    return len(word.facts) if isinstance(word, Observation) else 1
