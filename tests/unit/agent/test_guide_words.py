"""The guide's words are the page's own, and its Chinese answers are Chinese all through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import JsonValue

from ink_core.compute.htcondor.hold_codes import HOLD_CODES
from ink_core.compute.local import explain as local_explain
from ink_core.compute.slurm.reasons import REASONS
from manager.agent.guide.answers import render_error, render_result
from manager.agent.guide.chinese import in_chinese
from manager.agent.guide.question import Language
from manager.agent.guide.words import AGENT_STATES, JOB_STATES, Words

WEB = Path(__file__).parents[3] / "web/src/i18n"
CJK = re.compile(r"[\u4e00-\u9fff]")


def words_of_the_page(file: str, first: str) -> dict[str, str]:
    """The dictionary `states` whose first key is `first`."""
    text = (WEB / file).read_text("utf-8")
    (inside,) = [found for found in re.findall(r"states: \{(.*?)\}", text, re.DOTALL) if f"{first}:" in found]
    return dict(re.findall(r"(\w+): '([^']*)'", inside))


@pytest.mark.parametrize(
    ("words", "file", "first"), [(JOB_STATES, "pages.ts", "QUEUEING"), (AGENT_STATES, "agent.ts", "lost")]
)
def test_states_have_one_name_in_the_chat_and_on_the_page(words: Words, file: str, first: str) -> None:
    assert {key: english for key, (english, _) in words.items()} == words_of_the_page(f"en/{file}", first)
    assert {key: chinese for key, (_, chinese) in words.items()} == words_of_the_page(f"zh/{file}", first)


def sentences() -> list[str]:
    held = [words for code in HOLD_CODES.values() for words in (f"the job is held: {code.words}", code.proposal)]
    waits = [words for reason in REASONS.values() for words in (f"the job waits: {reason.words}", reason.proposal)]
    local = [proposal for several in local_explain._PROPOSALS.values() for proposal in several]  # pyright: ignore[reportPrivateUsage]
    return [*held, *waits, *local]


@pytest.mark.requirement("AGENT-GUIDE-05")
@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_what_a_scheduler_explains_is_put_into_chinese(sentence: str) -> None:
    chinese = in_chinese(sentence)
    assert CJK.search(chinese)
    left = re.sub(r"periodic_hold|hep_edit -m MB|shadow|cron|HTCondor|Slurm|QOS|CPU|#!", "", chinese)
    assert not re.search(r"[A-Za-z]{3,}", left), chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("2 of 4 slots are in use; this job needs 1", "4 个槽位中已用 2 个；该作业需要 1 个"),
        ("it asks for 64 CPUs; the largest has 8", "它申请 64 CPUs；最大的机器有 8"),
        ("hold reason: disk {full}", "挂起原因：disk {full}"),
        (
            "3 of bob's 7 waiting jobs come first; others have 5 waiting",
            "bob 的 7 个等待作业中有 3 个在前；其他用户有 5 个在等待",
        ),
        (
            "running jobs ask for 600 of 1000 MB of memory, this job for 500",
            "运行中的作业共申请 1000 MB 内存中的 600 MB；该作业申请 500 MB",
        ),
        ("the job is held: HTCondor held it", "作业被挂起：HTCondor 挂起了它"),
        ("something nobody wrote before", "something nobody wrote before"),
    ],
)
def test_what_is_filled_into_a_sentence_finds_its_place(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_an_explanation_asked_for_in_chinese_has_no_english_sentence() -> None:
    result: JsonValue = {
        "job_id": "12.0",
        "state": "QUEUEING",
        "summary": (
            "the job waits for slots and memory; jobs start by their priority, then in the order in which they came"
        ),
        "evidence": ["2 of 4 slots are in use; this job needs 1", "3 waiting jobs are ahead"],
        "proposals": ["wait, or remove running jobs that are not needed"],
    }
    text = render_result("explain_job", {}, result, Language.CHINESE)
    assert re.findall(r"[A-Za-z]{2,}", text) == []
    assert "queued" in render_result("explain_job", {}, result, Language.ENGLISH)


def test_what_was_measured_of_a_job_reads_as_people_say_it() -> None:
    result: JsonValue = {
        "over_time": [
            {"metric": "cpu_percent", "unit": "percent of one core", "lowest": 0.0, "highest": 92.91243517546853},
            {"metric": "read_rate", "unit": "bytes/s", "lowest": 0.0, "highest": 81359534.3},
            {"metric": "gpu_percent", "unit": "percent", "lowest": None, "highest": None},
        ]
    }
    text = render_result("job_usage", {"job_id": "12.0"}, result, Language.ENGLISH)
    assert "0 % – 92.9 %" in text
    assert "0 B/s – 81.4 MB/s" in text
    assert "gpu" not in text


def test_an_error_in_chinese_says_what_it_means_and_quotes_what_was_said() -> None:
    error: dict[str, JsonValue] = {
        "code": "job_not_found",
        "message": "cluster dev has no job 99.0",
        "retryable": False,
    }
    text = render_error("describe_job", error, Language.CHINESE)
    assert "没有这个作业" in text and "原文：cluster dev has no job 99.0" in text
    unknown = render_error("describe_job", {**error, "code": "never_seen"}, Language.CHINESE)
    assert "出现错误" in unknown and "never_seen" in unknown
