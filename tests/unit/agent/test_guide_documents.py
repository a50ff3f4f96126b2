"""What the guide finds in the documentation, and that it says when it finds nothing or does not understand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from knowledge_graph.documents import DocumentIndex
from manager.agent.guide.glossary import in_english
from manager.agent.model import AssistantTurn, ModelRequest, OfferedTool, ToolTurn, Turn, UserTurn
from manager.agent.offline_guide import answer

ROOT = Path(__file__).parents[3]
SEARCH = [OfferedTool("search_documentation", "Find passages.", {})]
MOST_SEARCHES = 3


@pytest.fixture(scope="module")
def index() -> DocumentIndex:
    """Of the documentation and the skills as they are shipped."""
    return DocumentIndex.build([ROOT / "docs", ROOT / "skills"])


def answered(question: str, index: DocumentIndex) -> str:
    """The answer after the searches that the guide asks for have brought what is there."""
    turns: list[Turn] = [UserTurn(question)]
    for _ in range(MOST_SEARCHES):
        reply = answer(ModelRequest("", turns, SEARCH, user="alice", clusters=("dev",)))
        if not reply.calls:
            return reply.text
        (call,) = reply.calls
        assert call.arguments is not None
        found: list[JsonValue] = [dict(vars(one)) for one in index.search(str(call.arguments["query"]), 5)]
        turns += [AssistantTurn("", reply.calls), ToolTurn(call.id, call.tool, json.dumps({"passages": found}))]
    raise AssertionError("it searched without end")


@pytest.mark.requirement("AGENT-GUIDE-06")
@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("what is a permit?", "docs/adr/0008-permits-of-approved-calls.md"),
        ("how do I submit a job?", "skills/hepjob/SKILL.md"),
        ("may an external model see experiment data?", "docs/explanation/labels.md"),
        ("search documentation for quotas", "skills/hepjob-queue/SKILL.md"),
        ("查找文档 配额", "skills/hepjob-queue/SKILL.md"),
        ("怎么写插件", "docs/reference/plugins.md"),
    ],
)
def test_passages_that_fit_are_shown_with_where_they_stand(question: str, path: str, index: DocumentIndex) -> None:
    assert f"`{path}`" in answered(question, index)


@pytest.mark.requirement("AGENT-GUIDE-06")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who won the world cup in 2018?", "did not understand"),
        ("what is the capital of France?", "did not understand"),
        ("is there a coffee machine near the office?", "did not understand"),
        ("how do I bake bread?", "did not understand"),
        ("谁是美国总统?", "没有听懂"),
        ("怎么做红烧肉", "没有听懂"),
    ],
)
def test_what_the_documentation_does_not_tell_is_not_answered_with_something_else(
    question: str, words: str, index: DocumentIndex
) -> None:
    said = answered(question, index)
    assert words in said and "hello.sh" in said


def test_a_question_in_chinese_is_looked_for_in_english_where_chinese_finds_nothing(index: DocumentIndex) -> None:
    assert in_english("审批的流程在哪里有说明") == "approval"
    said = answered("审批的流程在哪里有说明", index)
    assert "文档中的内容" in said and "approv" in said.lower()


def test_an_english_text_is_translated_into_nothing() -> None:
    assert in_english("how are approvals given?") == ""
