"""Each trace store, with a clock that is set by hand: the double, the embedded one and OpenSearch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from joblens.store.embedded import EmbeddedStore
from joblens.store.memory import MemoryStore
from joblens.store.opensearch import Access, OpensearchStore
from joblens.store.trace_store import TraceStore
from tests.contract.traces import at


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = at(0)

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture(params=["memory", "embedded", pytest.param("opensearch", marks=pytest.mark.integration)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Hand) -> Iterator[TraceStore]:
    made = _made(request, tmp_path, clock)
    yield made
    made.close()


def _made(request: pytest.FixtureRequest, tmp_path: Path, clock: Hand) -> TraceStore:
    match request.param:
        case "memory":
            return MemoryStore(clock)
        case "embedded":
            return EmbeddedStore(tmp_path / "traces", clock=clock)
        case _:
            access = Access([request.getfixturevalue("opensearch").url])
            return OpensearchStore(access, prefix=f"t{secrets.token_hex(4)}_", clock=clock)
