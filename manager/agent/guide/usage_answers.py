"""How the measurements of a job, and the verdict on them, read."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from manager.agent.guide.job_answers import Result, records, texts
from manager.agent.guide.markdown import bullets, code, plain
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language
from manager.joblens.plots import told


def usage(result: Result, arguments: Arguments, language: Language) -> str:
    """The verdict in JobLens's own English words, what to change, and the figures over time."""
    verdict = _record(result.get("verdict"))
    head = language.say(f"**Job {code(arguments.get('job_id'))}**:", f"**作业 {code(arguments.get('job_id'))}**：")
    also = [plain(one.get("sentence")) for one in records(verdict.get("also"))]
    parts = [f"{head} {plain(verdict.get('sentence'))}", bullets(also)]
    if changes := list(_changes(verdict)):
        parts += [language.say("What you can change when you submit it:", "提交时可以修改："), bullets(changes)]
    if figures := list(_figures(records(result.get("over_time")))):
        parts += [language.say("Measured, lowest to highest:", "测量值，从最低到最高："), bullets(figures)]
    return "\n\n".join(filter(None, parts))


def _changes(verdict: Result) -> Iterator[str]:
    for scheduler, lines in _record(verdict.get("change")).items():
        if lines:
            yield f"{plain(scheduler)}: {', '.join(code(line) for line in texts(lines))}"


def _figures(series: list[dict[str, JsonValue]]) -> Iterator[str]:
    for one in series:
        lowest, highest, unit = one.get("lowest"), one.get("highest"), str(one.get("unit"))
        if isinstance(lowest, int | float) and isinstance(highest, int | float):
            yield plain(f"{one.get('metric')}: {told(lowest, unit)} – {told(highest, unit)}")


def _record(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}
