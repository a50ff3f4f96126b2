"""Results that are cut for a model stay readable, bounded and honest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from mcp_tools.truncate import MODEL_BYTES, fit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(codec="utf-8"), max_size=500),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=9), inner, max_size=9),
    max_leaves=60,
)


def test_a_small_result_is_whole() -> None:
    assert fit({"jobs": [1, 2]}).text == '{"jobs":[1,2]}'
    assert fit({"jobs": [1, 2]}).cut == ()


def test_a_long_list_keeps_its_beginning_and_says_how_many_there_were() -> None:
    jobs: JsonValue = [{"job_id": f"{n}.0", "owner": "alice", "command": "/home/alice/run.sh"} for n in range(1000)]
    fitted = fit({"cluster": "pool", "jobs": jobs, "total": 1000})
    shown = json.loads(fitted.text)
    assert shown["jobs"] == jobs[: len(shown["jobs"])] and 20 <= len(shown["jobs"]) < 1000
    assert fitted.cut == (f"/jobs: the first {len(shown['jobs'])} of 1000",) == tuple(shown["_cut"])
    assert shown["total"] == 1000


def test_a_long_text_keeps_its_beginning() -> None:
    fitted = fit({"exit_code": 0, "stdout": "line\n" * 10_000})
    shown = json.loads(fitted.text)
    assert shown["stdout"].startswith("line\nline\n") and shown["exit_code"] == 0
    assert fitted.cut[0].startswith("/stdout: the first ") and "of 50000 characters" in fitted.cut[0]
    assert "_rest" not in shown
    assert "call_id c-7" in json.loads(fit({"stdout": "line\n" * 10_000}, handle="c-7").text)["_rest"]


@pytest.mark.parametrize(
    "result", [list(range(100_000)), "x" * 100_000, "束" * 100_000, {str(n): n for n in range(9999)}]
)
def test_any_shape_is_cut_to_valid_json(result: JsonValue) -> None:
    fitted = fit(result)
    assert fitted.cut and json.loads(fitted.text)["_cut"]
    assert len(fitted.text.encode()) <= MODEL_BYTES


@given(JSON, st.integers(1000, 5000))
def test_a_result_fits_or_is_whole_and_nothing_else(result: JsonValue, most: int) -> None:
    fitted = fit(result, most)
    shown = json.loads(fitted.text)
    assert len(fitted.text.encode()) <= most
    assert fitted.cut or shown == result
