"""The engine of rules: when one fires, what it asks for, and what holds it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblens.records import FileSample, JobKey, Traffic
from joblens.rules import file_index
from joblens.rules.engine import RuleEngine
from joblens.rules.events import Act, LeftOut, StartCapture, Tick, Warn
from joblens.rules.file_index import FileIndex
from tests.unit.joblens.rules.rule_parts import GB, A, fed, info, measured, rule_set

FULL: dict[str, Any] = {"when": [{"metric": "rss_bytes", "of": "memory", "above": 0.9}]}
BUSY: dict[str, Any] = {"when": [{"metric": "cpu_percent", "above": 90}]}


def other(number: int) -> JobKey:
    return JobKey("site", f"{number}.0")


@pytest.mark.requirement("LENS-RULES-02")
def test_a_rule_starts_a_capture_of_its_job_for_a_limited_time_and_says_on_what_figures() -> None:
    engine = RuleEngine(rule_set(FULL | {"capture": {"duration": "2m", "interval": 1, "details": ["processes"]}}))
    assert fed(engine, info(), measured(10, rss_bytes=0.8 * GB)) == []
    capture, warning = fed(engine, measured(11, rss_bytes=0.95 * GB))
    assert isinstance(capture, StartCapture) and isinstance(warning, Warn)
    assert (capture.fired.key, capture.duration_s, capture.interval_s) == (A, 120, 1)
    assert capture.details == ("processes",)
    assert capture.fired.evidence == {"rss_bytes of memory": 0.95}


@pytest.mark.requirement("LENS-RULES-02")
def test_a_condition_has_to_hold_for_its_time_without_a_break() -> None:
    engine = RuleEngine(rule_set(BUSY | {"for": "60s"}))
    assert fed(engine, measured(0, cpu_percent=99), measured(50, cpu_percent=99), measured(55, cpu_percent=10)) == []
    assert fed(engine, measured(60, cpu_percent=99), measured(119, cpu_percent=99)) == []
    assert len(fed(engine, measured(120, cpu_percent=99))) == 1


@pytest.mark.requirement("LENS-RULES-02")
def test_a_rule_may_look_at_how_a_figure_rises() -> None:
    engine = RuleEngine(rule_set({"when": [{"metric": "rss_bytes", "rise_over": "10m", "above": "100MB"}]}))
    slow = [measured(second, rss_bytes=second * 100_000.0) for second in range(0, 1200, 10)]
    assert fed(engine, *slow) == []
    fast = [measured(1200 + second, rss_bytes=120e6 + second * 1e6) for second in range(0, 300, 10)]
    fired = fed(engine, *fast)
    assert len(fired) == 1
    assert fired[0].fired.evidence["rss_bytes rise in 600 s"] > 100e6


@pytest.mark.requirement("LENS-RULES-02")
def test_a_job_from_which_nothing_is_heard_is_noticed_when_time_passes() -> None:
    engine = RuleEngine(rule_set({"silent": "5m"}))
    assert fed(engine, info(), measured(0, cpu_percent=1), Tick(299)) == []
    (warning,) = fed(engine, Tick(301))
    assert warning.fired.evidence == {"silent_s": 301}


@pytest.mark.requirement("LENS-RULES-02")
def test_a_job_is_compared_with_others_of_its_kind() -> None:
    engine = RuleEngine(rule_set({"when": [{"metric": "cpu_percent", "of": "similar", "below": 0.5}]}))
    alike = [other(number) for number in range(6)]
    fed(engine, *(info(key) for key in alike))
    assert fed(engine, *(measured(1, key, cpu_percent=90) for key in alike)) == []
    assert fed(engine, info(other(9), user="bob"), measured(2, other(9), cpu_percent=1)) == []
    (warning,) = fed(engine, info(A), measured(30, A, cpu_percent=20))
    assert warning.fired.key == A


def test_the_figures_of_a_job_on_two_hosts_are_taken_together() -> None:
    engine = RuleEngine(rule_set(FULL))
    fed(engine, info(host="n1"), info(host="n2"), measured(1, host="n1", rss_bytes=0.95 * GB))
    assert fed(engine, measured(2, host="n2", rss_bytes=0.1 * GB)) == []
    assert len(fed(engine, measured(3, host="n2", rss_bytes=0.95 * GB))) == 1


def test_what_was_not_measured_is_not_guessed() -> None:
    engine = RuleEngine(rule_set(FULL, {"when": [{"metric": "net_rx_rate", "below": 1}]}))
    assert fed(engine, measured(1, rss_bytes=2 * GB)) == []


@pytest.mark.parametrize(
    ("scope", "fires"),
    [
        ({}, True),
        ({"users": ["alice"]}, True),
        ({"users": ["bob"]}, False),
        ({"groups": ["theory"]}, True),
        ({"clusters": ["elsewhere"]}, False),
        ({"schedulers": ["slurm"]}, False),
    ],
)
def test_a_rule_looks_at_the_jobs_of_its_scope_alone(scope: dict[str, list[str]], fires: bool) -> None:
    engine = RuleEngine(rule_set(BUSY | {"scope": scope}, groups={"theory": ["alice", "carol"]}))
    assert bool(fed(engine, info(), measured(1, cpu_percent=99))) is fires


def test_a_rule_rests_after_it_fired_and_then_speaks_again() -> None:
    engine = RuleEngine(rule_set(BUSY | {"cooldown": "10m"}))
    fired = fed(engine, *(measured(minute * 60, cpu_percent=99) for minute in range(25)))
    assert [(each.fired.time, each.number) for each in fired if isinstance(each, Warn)] == [(0, 1), (600, 2), (1200, 3)]


@pytest.mark.requirement("LENS-RULES-04")
def test_a_job_is_acted_on_after_two_warnings_and_once() -> None:
    engine = RuleEngine(rule_set(BUSY | {"cooldown": "10m", "act": {"tool": "hold_jobs"}}))
    fired = fed(engine, *(measured(minute * 60, cpu_percent=99) for minute in range(60)))
    assert [type(each) for each in fired] == [Warn, Warn, Act]
    action = fired[-1]
    assert isinstance(action, Act)
    assert (action.tool, action.warnings, action.fired.time) == ("hold_jobs", 2, 1200)


def test_warnings_of_another_job_or_rule_do_not_count() -> None:
    act = {"cooldown": "10m", "act": {"tool": "hold_jobs"}}
    engine = RuleEngine(rule_set(BUSY | act, BUSY | act))
    keys = [A, other(1)]
    fired = fed(engine, *(measured(minute * 60, key, cpu_percent=99) for minute in range(20) for key in keys))
    assert not [each for each in fired if isinstance(each, Act)]


@pytest.mark.requirement("LENS-RULES-03")
def test_captures_and_actions_stay_within_their_budget_and_what_is_left_out_is_told() -> None:
    budget = {"captures_at_once": 2, "captures_per_hour": 3, "actions_per_hour": 0}
    rule = BUSY | {"capture": {"duration": "60s"}, "cooldown": "1d", "act": {"tool": "hold_jobs"}}
    engine = RuleEngine(rule_set(rule, budget=budget))
    at_once = fed(engine, *(measured(1, other(number), cpu_percent=99) for number in range(3)))
    later = fed(engine, *(measured(100, other(number), cpu_percent=99) for number in range(3, 6)))
    hour = fed(engine, measured(3700, other(7), cpu_percent=99))
    assert [sum(isinstance(each, StartCapture) for each in told) for told in (at_once, later, hour)] == [2, 1, 1]
    assert {each.why for each in at_once if isinstance(each, LeftOut)} == {"2 captures run already"}
    assert {each.why for each in later if isinstance(each, LeftOut)} == {"3 captures were started within an hour"}


def test_an_action_beyond_its_budget_is_left_out_and_told() -> None:
    rule = BUSY | {"cooldown": "10m", "act": {"tool": "hold_jobs"}}
    engine = RuleEngine(rule_set(rule, budget={"actions_per_hour": 0}))
    fired = fed(engine, *(measured(minute * 60, cpu_percent=99) for minute in range(21)))
    assert [type(each) for each in fired] == [Warn, Warn, LeftOut]


@pytest.mark.requirement("LENS-RULES-03")
@pytest.mark.parametrize(("rule", "whole"), [({"dry_run": True}, {}), ({}, {"dry_run": True})])
def test_a_dry_run_tells_all_and_asks_for_nothing_to_be_done(rule: dict[str, Any], whole: dict[str, Any]) -> None:
    engine = RuleEngine(rule_set(BUSY | rule | {"capture": {"duration": "60s"}}, **whole))
    fired = fed(engine, measured(1, cpu_percent=99))
    assert [type(each) for each in fired] == [StartCapture, Warn]
    assert all(each.dry for each in fired if not isinstance(each, LeftOut))


def file(path: str, key: JobKey, read: int) -> FileSample:
    return FileSample(key, 1.0, path, "/data", "nfs", Traffic.FILE, read, 1, 0, 0)


def test_files_are_counted_and_shared_ones_are_seen_until_their_jobs_end() -> None:
    hot = {"when": [{"metric": "file_jobs", "above": 2}]}
    small = {"when": [{"metric": "file_count", "above": 3}, {"metric": "bytes_per_access", "below": "64KiB"}]}
    engine = RuleEngine(rule_set(hot, small))
    fed(engine, *(file("/data/calib", other(number), 10) for number in range(3)))
    assert [each.fired.rule for each in fed(engine, measured(1, other(0), rss_bytes=1))] == ["rule-0"]
    fed(engine, measured(2, other(0), ended=True))
    assert fed(engine, measured(3, other(1), rss_bytes=1)) == []
    fed(engine, *(file(f"/data/{number}", other(1), 10) for number in range(3)))
    assert [each.fired.rule for each in fed(engine, measured(4, other(1), rss_bytes=1))] == ["rule-1"]


def test_the_sum_of_files_beyond_the_bound_is_no_file_that_jobs_share() -> None:
    engine = RuleEngine(rule_set({"when": [{"metric": "file_jobs", "above": 1}]}))
    fed(engine, *(file("", other(number), 10) for number in range(9)))
    assert fed(engine, measured(1, other(0), rss_bytes=1)) == []


def test_an_ended_job_leaves_nothing_behind() -> None:
    engine = RuleEngine(rule_set(BUSY | {"cooldown": "1h"}))
    first = fed(engine, info(), measured(1, cpu_percent=99), measured(2, ended=True))
    again = fed(engine, measured(3, cpu_percent=99))
    assert len(first) == len(again) == 1


SECONDS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 100), st.integers(0, 3)), max_size=200)


@given(SECONDS)
def test_whatever_is_measured_an_action_has_two_warnings_before_it(course: list[tuple[int, int, int]]) -> None:
    engine = RuleEngine(rule_set(BUSY | {"cooldown": "10s", "act": {"tool": "hold_jobs"}}))
    now, warnings = 0, dict.fromkeys(map(other, range(4)), 0)
    for step, cpu, number in course:
        now += step
        for told in fed(engine, measured(now, other(number), cpu_percent=cpu)):
            if isinstance(told, Warn):
                warnings[told.fired.key] += 1
            elif isinstance(told, Act):
                assert warnings[told.fired.key] >= 2


def test_files_of_jobs_that_nobody_ever_tells_of_are_forgotten_and_all_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_index, "MAX_ENTRIES", 3)
    index = FileIndex()
    for number in range(9):
        index.see(file(f"/data/{number}", other(number), 10))
    assert [index.figure(other(number), "file_count") for number in (2, 3)] == [1, 0]
    index.forget_all_but({other(8)})
    index.see(file("/data/8", other(8), 10))
    assert index.figure(other(2), "file_count") is None
    assert index.figure(other(8), "file_count") == 1
