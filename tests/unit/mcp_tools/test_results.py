"""Reading on in a large result: every part of it is reached, each piece is bounded, and nothing is said twice."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from mcp_tools.pointer import NothingThere, below, part_of
from mcp_tools.results import ReadResult, ResultPiece, read_piece
from mcp_tools.truncate import MODEL_BYTES, as_json, fit

pytestmark = pytest.mark.requirement("AGENT-LOOP-07")

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=9), inner, max_size=20),
    max_leaves=80,
)


def read_on(result: JsonValue, pointer: str = "", most_bytes: int = MODEL_BYTES) -> list[ResultPiece]:
    """All pieces of one part, from its beginning to its end."""
    pieces, offset = list[ResultPiece](), 0
    while offset is not None:
        piece = read_piece(result, ReadResult(call_id="c-1", pointer=pointer, offset=offset), most_bytes)
        pieces.append(piece)
        offset = piece.next_offset
    return pieces


def test_the_rest_of_a_list_is_read_where_the_cut_result_ended() -> None:
    jobs: list[JsonValue] = [{"job_id": f"{n}.0", "owner": "alice"} for n in range(1000)]
    result: JsonValue = {"jobs": jobs, "total": 1000}
    shown = json.loads(fit(result, handle="c-1").text)
    begun = len(shown["jobs"])
    piece = read_piece(result, ReadResult(call_id="c-1", pointer="/jobs", offset=begun))
    assert (piece.kind, piece.offset, piece.total) == ("list", begun, 1000)
    assert isinstance(piece.value, list) and piece.value == jobs[begun : piece.next_offset]


def test_a_text_is_read_to_its_end_without_a_gap() -> None:
    text = "".join(f"line {n} \x00 é 束 🙂\n" for n in range(5_000))
    pieces = read_on({"stdout": text}, "/stdout")
    assert len(pieces) > 5 and "".join(str(piece.value) for piece in pieces) == text


def test_an_object_of_many_fields_is_read_field_by_field() -> None:
    whole: dict[str, JsonValue] = {f"/home/~alice/{n}": n for n in range(3_000)}
    pieces = read_on(whole)
    assert {key: value for piece in pieces for key, value in dict(piece.value).items()} == whole  # type: ignore[call-overload]


def test_an_item_that_is_too_large_by_itself_is_shown_with_the_pointer_of_its_rest() -> None:
    result: JsonValue = {"passages": [{"title": "a", "text": "x" * 50_000}, {"title": "b", "text": "short"}]}
    first = read_piece(result, ReadResult(call_id="c-1", pointer="/passages"))
    assert isinstance(first.value, list) and first.next_offset == 1
    assert json.loads(as_json(first.value[0]))["_cut"][0].startswith("/passages/0/text: the first")
    assert "".join(str(piece.value) for piece in read_on(result, "/passages/0/text")) == "x" * 50_000


def test_a_single_value_is_itself() -> None:
    piece = read_piece({"total": 7}, ReadResult(call_id="c-1", pointer="/total"))
    assert (piece.kind, piece.value, piece.total, piece.next_offset) == ("value", 7, 1, None)


def test_beyond_the_end_there_is_nothing_more() -> None:
    piece = read_piece({"jobs": [1, 2]}, ReadResult(call_id="c-1", pointer="/jobs", offset=9))
    assert (piece.value, piece.next_offset) == ([], None)


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/job", "no 'job' at the top, which is an object with the fields jobs"),
        ("/jobs/7", "no '7' at /jobs, which is a list of 2"),
        ("/jobs/-1", "no '-1' at /jobs"),
        ("/jobs/x", "no 'x' at /jobs"),
        ("/jobs/0/a", "no 'a' at /jobs/0, which is a single value"),
        ("/jobs/99999999999999999999", "at /jobs"),
    ],
)
def test_a_pointer_that_leads_nowhere_says_how_far_it_leads(pointer: str, said: str) -> None:
    with pytest.raises(NothingThere, match=said):
        part_of({"jobs": ["a", "b"]}, pointer)


@given(st.dictionaries(st.text(max_size=20), st.integers(), max_size=5))
def test_any_field_has_a_pointer(value: dict[str, int]) -> None:
    for key, content in value.items():
        assert part_of({"x": [dict(value)]}, below("/x/0", key)) == content


@settings(deadline=None)
@given(JSON, st.integers(2_000, 9_000))
def test_every_piece_is_bounded_and_reading_on_ends(result: JsonValue, most: int) -> None:
    pieces = read_on(result, most_bytes=most)
    assert all(len(as_json(piece.model_dump(mode="json")).encode()) <= most for piece in pieces)
    assert sum(_count(piece) for piece in pieces) == (pieces[0].total if pieces[0].kind != "value" else 1)


def _count(piece: ResultPiece) -> int:
    return len(piece.value) if isinstance(piece.value, (list, dict, str)) else 1
