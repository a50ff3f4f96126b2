"""Tool calls that a model wrote into its text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from manager.agent.tolerant import find_calls, json_object

OFFERED = {"list_jobs", "submit_job"}
BOB: dict[str, JsonValue] = {"owner": "bob"}

FORMS = [
    '```json\n{"name": "list_jobs", "arguments": {"owner": "bob"}}\n```',
    '```\n{"tool": "list_jobs", "parameters": {"owner": "bob"}}```',
    '```tool_call\n{"function": {"name": "list_jobs", "arguments": "{\\"owner\\": \\"bob\\"}"}}\n```',
    '<tool_call>{"name": "list_jobs", "arguments": {"owner": "bob"}}</tool_call>',
    '<tool_call>\n{"name": "list_jobs", "args": {"owner": "bob"}}',
    '{"name": "list_jobs", "arguments": {"owner": "bob"}}',
    '[{"name": "list_jobs", "arguments": {"owner": "bob"}}]',
    '{"tool_calls": [{"function": {"name": "list_jobs", "arguments": {"owner": "bob"}}}]}',
    'I will look.\n{"name": "list_jobs", "input": {"owner": "bob"}}\nOne moment.',
]


@pytest.mark.requirement("AGENT-PROVIDER-06")
@pytest.mark.parametrize("text", FORMS)
def test_a_call_is_found_in_every_form_that_models_write(text: str) -> None:
    rest, calls = find_calls(text, OFFERED)
    assert [(call.tool, call.arguments) for call in calls] == [("list_jobs", BOB)]
    assert "{" not in rest


def test_several_calls_keep_their_order_and_get_their_own_ids() -> None:
    text = (
        '```json\n{"name": "list_jobs"}\n```\nthen\n```json\n{"name": "submit_job", "arguments": {"script": "a"}}\n```'
    )
    rest, calls = find_calls(text, OFFERED)
    assert [call.tool for call in calls] == ["list_jobs", "submit_job"]
    assert len({call.id for call in calls}) == 2
    assert rest == "then"


@pytest.mark.parametrize(
    "text",
    [
        "There are no jobs.",
        '```json\n{"name": "alice", "arguments": {"x": 1}}\n```',
        '```json\n{"name": "list_jobs", "state": "held"}\n```',
        'Use `{"name": "list_jobs", "arguments": {}}` for that.',
        '```python\nprint({"name": 1})\n```',
        '{"jobs": []}',
    ],
)
def test_an_answer_that_shows_json_stays_an_answer(text: str) -> None:
    assert find_calls(text, OFFERED) == (text, ())


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_broken_call_in_a_fence_is_a_call_without_arguments() -> None:
    _, calls = find_calls('```json\n{"name": "list_jobs", "arguments": {"owner": \n```', OFFERED)
    assert [(call.tool, call.arguments) for call in calls] == [("list_jobs", None)]


@pytest.mark.parametrize("raw", ["[1]", '"x"', "{", "nonsense", '{"x": NaN}', "[" * 100_000])
def test_arguments_that_are_no_json_object_are_none(raw: str) -> None:
    assert json_object(raw) is None


def test_no_arguments_at_all_are_an_empty_object() -> None:
    assert json_object(" ") == {}


@settings(deadline=None)
@given(st.text(alphabet='{}[]"`:,\n<>/tool_calnmerguj 01', max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    rest, calls = find_calls(text, OFFERED)
    assert calls or rest == text
