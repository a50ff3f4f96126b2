"""What a file of rules may say, and what the shipped one does."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from joblens.rules.engine import RuleEngine
from joblens.rules.rule_set import RuleSet
from tests.unit.joblens.rules.rule_parts import fed, info, measured, rule_set

SHIPPED = RuleSet.model_validate(yaml.safe_load(resources.files("joblens.rules").joinpath("shipped.yaml").read_text()))


@pytest.mark.requirement("LENS-RULES-02")
def test_the_shipped_rules_look_closer_and_warn_and_touch_no_job() -> None:
    assert {rule.name for rule in SHIPPED.rules} == {
        "memory-near-request", "cpu-idle", "io-wait-storm", "many-small-files", "hot-file", "runaway-processes",
        "no-output-growth", "gpu-idle",
    }  # fmt: skip
    assert all(rule.capture and rule.warn and rule.act is None for rule in SHIPPED.rules)


@pytest.mark.parametrize(("cpu_percent", "storage", "rule"), [(10, 6e6, "io-wait-storm"), (1, 0, "cpu-idle")])
def test_a_job_that_stands_ready_and_gets_no_core_neither_waits_for_storage_nor_idles(
    cpu_percent: float, storage: float, rule: str
) -> None:
    figures = {"cpu_percent": cpu_percent, "storage_read_rate": storage, "storage_write_rate": 0}
    fired = {
        wait: {
            each.fired.rule
            for each in fed(
                RuleEngine(SHIPPED),
                info(cpus=1),
                *(measured(1e6 + second, cpu_wait_percent=wait, **figures) for second in range(0, 2000, 100)),
            )
        }
        for wait in (10, 85)
    }
    assert fired == {10: {rule}, 85: set()}


def test_times_and_sizes_are_written_as_people_write_them() -> None:
    (rule,) = rule_set({"when": [{"metric": "rss_bytes", "above": "1.5GiB"}], "for": "5m", "cooldown": "2h"}).rules
    assert (rule.when[0].above, rule.for_s, rule.cooldown) == (1.5 * 2**30, 300, 7200)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"when": [{"metric": "rss", "above": 1}]}, "there is no figure 'rss'; there are cpu_percent"),
        ({"when": [{"metric": "rss_bytes"}]}, "either above or below"),
        ({"when": [{"metric": "rss_bytes", "above": 1, "below": 2}]}, "either above or below"),
        ({"when": [{"metric": "rss_bytes", "above": "2 spoons"}]}, "write it as 1000, 64MB, 2GiB"),
        ({"when": [{"metric": "rss_bytes", "above": 1}], "silent": "1m"}, "either when or silent"),
        ({}, "either when or silent"),
        ({"silent": "1m", "act": {"tool": "hold_jobs"}, "warn": False}, "has to warn first"),
        ({"silent": "1m", "act": {"tool": "hold_jobs", "after_warnings": 1}}, "greater than or equal to 2"),
        ({"silent": "1m", "act": {"tool": "run_command"}}, "hold_jobs"),
        ({"silent": "1m", "scope": {"groups": ["nobody"]}}, "groups does not name nobody"),
        ({"silent": "1m", "capture": {"duration": "2d"}}, "less than or equal to 3600"),
        ({"silent": "1m", "sudo": True}, "Extra inputs"),
    ],
)
def test_what_a_rule_may_not_say_is_refused_with_what_it_may(rule: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        rule_set(rule)


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="more than one rule is named same"):
        rule_set({"name": "same", "silent": "1m"}, {"name": "same", "silent": "2m"})
