"""The benchmark of REST says of a p99 that it holds only where it stays, or moves as little as that of its peer."""

from __future__ import annotations

import pytest

from bench.rest.health import Waits, judged
from bench.rest.load import Counted


def rounds(*p99_ms: tuple[float, float]) -> list[Waits]:
    """Of pairs: ours and plain FastAPI's."""
    return [Waits(_counted(ours), _counted(plain), manager_cores=1.0) for ours, plain in p99_ms]


def _counted(p99_ms: float) -> Counted:
    return Counted(answers=600, rps=100, p50_ms=0.5, p99_ms=p99_ms, mb_per_s=0, cpu_share=0.1)


IDLE = rounds((1.0, 0.8), (1.5, 1.0), (2.0, 1.2))


@pytest.mark.parametrize(
    ("loaded", "moves", "holds"),
    [
        (rounds((1.2, 0.8), (1.7, 1.0), (2.2, 1.2)), 0.2, True),
        (rounds((1.5, 0.8), (2.0, 1.0), (2.5, 1.2)), 0.5, False),
        (rounds((1.5, 1.4), (2.0, 1.6), (2.5, 1.8)), 0.5, True),
        (rounds((1.1, 0.8), (9.0, 1.0), (2.1, 1.2)), 0.1, True),
    ],
    ids=["a fifth of an idle one's", "plain FastAPI's stays", "plain FastAPI's moves more", "one round of three"],
)
def test_a_p99_holds_that_stays_or_moves_no_more_than_its_peers(loaded: list[Waits], moves: float, holds: bool) -> None:
    told = judged(IDLE, loaded)
    assert (told["moves_ms"], told["holds"]) == (moves, holds)
    assert told["still_ms"] == 0.3
