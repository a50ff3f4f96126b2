"""The key of an endpoint stays out of what the endpoint says, in whatever pieces it says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.agent.masking import StreamMask, masked, masked_reply
from manager.agent.model import ModelReply, RequestedCall

pytestmark = pytest.mark.requirement("AGENT-PROVIDER-03")

KEY = "sk-abcabcabcabd"


def streamed(pieces: list[str], secret: str = KEY) -> str:
    mask = StreamMask(secret)
    return "".join([*(mask.feed(piece) for piece in pieces), mask.rest()])


@given(st.lists(st.sampled_from([KEY, *(KEY[:n] for n in range(1, 15)), *(KEY[n:] for n in range(1, 15)), " x "])))
def test_a_stream_never_shows_the_key_and_shows_all_the_rest(pieces: list[str]) -> None:
    shown = streamed(pieces)
    assert KEY not in shown
    assert shown == masked("".join(pieces), KEY)


@given(st.lists(st.text(max_size=20)))
def test_what_holds_no_key_comes_unchanged(pieces: list[str]) -> None:
    assert streamed(pieces) == "".join(pieces)


def test_text_waits_only_while_it_may_be_the_key() -> None:
    mask = StreamMask(KEY)
    assert (mask.feed("hello s"), mask.feed("k-ab"), mask.feed("out "), mask.rest()) == ("hello ", "", "sk-about ", "")


def test_a_call_that_holds_the_key_is_masked_and_any_other_is_itself() -> None:
    leaks = RequestedCall("m1", "run_command", {"argv": [KEY]}, f'{{"argv": ["{KEY}"]}}')
    plain = RequestedCall("m2", "list_jobs", {"limit": 1}, '{"limit":1}')
    reply = masked_reply(ModelReply(f"my key is {KEY}", (leaks, plain)), KEY)
    assert reply.text == "my key is ***"
    assert reply.calls[0].arguments == {"argv": ["***"]}
    assert reply.calls[1] is plain


@pytest.mark.parametrize("word", ["", "EMPTY", "none"])
def test_a_word_instead_of_a_key_masks_nothing(word: str) -> None:
    assert streamed(["an EMPTY list", " or none"], word) == "an EMPTY list or none"
