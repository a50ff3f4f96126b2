"""Jobs and measurements for the tests of rules."""

from __future__ import annotations

from typing import Any

from joblens.records import JobInfo, JobKey
from joblens.rules.engine import RuleEngine
from joblens.rules.events import Instruction, Measured
from joblens.rules.rule_set import RuleSet

A = JobKey("site", "172.0")
GB = 10**9


def info(key: JobKey = A, *, host: str = "n1", user: str = "alice", cpus: int = 4, memory: int = GB) -> JobInfo:
    return JobInfo(key, "htcondor", host, user, 1000, "sim", 100, 1_000_000.0, cpus=cpus, memory_bytes=memory)


def rule_set(*rules: dict[str, Any], **more: Any) -> RuleSet:
    texts = [{"name": f"rule-{number}", "text": "It is so."} | rule for number, rule in enumerate(rules)]
    return RuleSet.model_validate({"version": 1, "rules": texts} | more)


def measured(time: float, key: JobKey = A, *, host: str = "n1", ended: bool = False, **values: float) -> Measured:
    return Measured(key, host, time, values, ended)


def fed(engine: RuleEngine, *events: Any) -> list[Instruction]:
    return [instruction for event in events for instruction in engine.handle(event)]
