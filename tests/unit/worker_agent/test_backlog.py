"""The backlog of a terminal keeps the last bytes and knows where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker_agent.backlog import Backlog

pieces = st.lists(st.binary(min_size=1, max_size=40), max_size=30)


@given(pieces, st.integers(1, 100), st.integers(0, 1500))
def test_it_gives_what_is_kept_from_an_offset_on(written: list[bytes], bound: int, offset: int) -> None:
    backlog, everything = Backlog(bound), b"".join(written)
    for piece in written:
        assert everything[backlog.append(piece) :].startswith(piece)
    begin, data = backlog.since(offset)
    assert backlog.next_offset == len(everything)
    assert everything[begin:] == data
    assert begin == min(max(offset, len(everything) - bound, 0), len(everything))
