"""Questions about jobs: list, describe, explain, measure, submit."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from typing import cast

from pydantic import JsonValue

from manager.agent.guide.plan import Call, Calls, Say, Step, call
from manager.agent.guide.question import FLAGS, Question, unquoted

MAX_CALLS = 8
MAX_EXPLAINED = 4
# A longer result is cut before it is recorded, and the guide reads what was recorded.
LISTED = 50

_WHY = r"\bwhy\b|\bexplain\b|\breason\b|\bwrong with\b|为什么|为何|原因|解释|怎么(?:还|没|不|了|被|回事)"
_MEASURED = (
    r"\befficien\w+\b|\bi/o\b|\bbottleneck|\bjoblens\b|\b(?:wast|profil)\w+\b|\bbound by\b|\buse of resources\b"
    r"|效率|瓶颈|读写|浪费"
)
_SECONDS = {"d": 86400, "天": 86400, "h": 3600, "小时": 3600, "m": 60, "分": 60}
_SCRIPT = (
    r"(?:\b(?:submit|sbatch|condor_submit)\b|提交|投递)\s*(?:(?:the|a|my|this|script|job|file|executable|program)\s+|一下|一个|这个|脚本|作业|任务|文件)*"
    r"\s*(?:[`\"“]([^`\"”]+)[`\"”]|([A-Za-z0-9_./~+@%=-]+))"
)
_COPIES = (
    r"^[\s`]*(?:please |can you |could you )*(?:start|launch|queue|send|make)\s+\d+\s+(?:copies|instances|jobs)\s+of\s+"
    r"([\w./~+-]*[./][\w./~+-]+)"
)
_RUN_AS_JOB = (
    r"^[\s`]*(?:please )?run\s+(?!(?:an?|some|my|the)\s)(\S+)\s.*"
    r"\b(?:as (?:a )?jobs?|on the (?:cluster|pool|queue)|\d+ (?:times|copies))\b"
)
_NO_SCRIPT = (
    r"^[\s`]*(?:please )?submit\b|^[\s`]*(?:请|帮我)*提交"
    r"|^[\s`]*(?:please |can you |could you )*(?:run|start|launch|do|make)\s+(?:an?|some|\d+)\s.*\b(?:scan|jobs?)\b"
    r"|^[\s`]*(?:请|帮我|麻烦)*(?:运行|执行|跑|做)(?:一[个次些]|\d+).*(?:扫描|作业|任务)"
)


def submit(question: Question) -> Step | None:
    script = question.find(_SCRIPT) or question.find(_COPIES) or question.find(_RUN_AS_JOB)
    if script is None:
        return Say(_which_script(question)) if question.has(_NO_SCRIPT) else None
    options, words = _split_arguments(question.text)
    try:
        arguments = shlex.split(words)
    except ValueError:
        return Say(question.language.say("The quotes in the arguments do not match.", "参数里的引号不配对。"))
    asked: dict[str, JsonValue] = {"script": unquoted(script), **resources(options), **question.cluster}
    if arguments:
        asked["arguments"] = cast("list[JsonValue]", arguments)
    name = question.find(r"\b(?:named|called|name[:=]?)\s+([\w.-]+)|(?:名为|名字叫|命名为)\s*([\w.-]+)")
    if name:
        asked["name"] = unquoted(name)
    return call("submit_job", asked)


def usage(question: Question) -> Step | None:
    """What JobLens measured of a job, and whether that is good use."""
    return _each("job_usage", question) if question.job_ids and question.has(_MEASURED) else None


def explain(question: Question) -> Step | None:
    """Why a job is where it is; without an id, of those that could be meant where they are few."""
    if not question.has(_WHY):
        return None
    if question.job_ids:
        return _each("explain_job", question)
    if not question.mentions_jobs:
        return None
    states = [state for state in question.states if state in ("HOLDING", "QUEUEING")] or ["HOLDING", "QUEUEING"]
    listing = Call("list_jobs", {"states": cast("list[JsonValue]", states), "limit": LISTED, **question.cluster})
    return Calls((listing,), lambda results: _explain_listed(results, question))


def describe(question: Question) -> Step | None:
    only_an_id = re.fullmatch(r"\W*\d+(?:[._]\d+)?\W*", question.text) is not None
    return _each("describe_job", question) if question.job_ids and (question.mentions_jobs or only_an_id) else None


def named(question: Question) -> Step | None:
    """What is said of a job id in full, and no other rule knows, is a question about that job."""
    return _each("describe_job", question) if any(re.search(r"[._]", one) for one in question.job_ids) else None


def listing(question: Question) -> Step | None:
    named = question.owner is not None and bool(question.states)
    if not question.mentions_jobs and not named and not question.has(r"\b(?:condor_q|squeue)\b|\bmy queue\b"):
        return None
    asked: dict[str, JsonValue] = {"limit": LISTED, **question.cluster}
    if question.states:
        asked["states"] = cast("list[JsonValue]", list(question.states))
    if question.owner and question.owner != question.user:
        asked["owner"] = question.owner
    return call("list_jobs", asked)


def _each(tool: str, question: Question) -> Calls:
    """One call per id. `12` may be an HTCondor cluster id, whose only or first job is `12.0`."""
    ids = question.job_ids[:MAX_CALLS]
    full = [f"{job_id}.0" if job_id.isdecimal() else job_id for job_id in ids]

    def calls(job_ids: Iterable[str]) -> tuple[Call, ...]:
        return tuple(Call(tool, {"job_id": job_id, **question.cluster}) for job_id in job_ids)

    return Calls(calls(ids), if_not_found=Calls(calls(full)) if full != list(ids) else None)


def listed_ids(results: Sequence[JsonValue]) -> list[str]:
    first = results[0] if results else None
    jobs = first.get("jobs") if isinstance(first, dict) else None
    return [str(job["job_id"]) for job in jobs if isinstance(job, dict)] if isinstance(jobs, list) else []


def _explain_listed(results: Sequence[JsonValue], question: Question) -> Step | None:
    ids = listed_ids(results)
    calls = tuple(Call("explain_job", {"job_id": job_id, **question.cluster}) for job_id in ids)
    return Calls(calls) if 1 <= len(calls) <= MAX_EXPLAINED else None


def _split_arguments(text: str) -> tuple[str, str]:
    """What stands before `with arguments`, and the arguments themselves."""
    parts = re.split(
        r"\s*(?:,\s*)?(?:\bwith\s+)?\b(?:arguments?|args)\b[:=\s]+|参数(?:是|为)?[::\s]*", text, maxsplit=1, flags=FLAGS
    )
    return parts[0], parts[1] if len(parts) > 1 else ""


def resources(text: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    cpus = re.search(r"(\d+)\s*(?:cpus?\b|cores?\b|个?核|个?\s?cpu)|\bcpus?[:=\s]+(\d+)", text, FLAGS)
    if cpus:
        found["cpus"] = int(cpus.group(1) or cpus.group(2))
        text = text.replace(cpus.group(), " ")
    memory = re.search(r"(\d+(?:\.\d+)?)\s*([gm])i?b?\b", text, FLAGS)
    if memory:
        found["memory_mb"] = round(float(memory.group(1)) * (1024 if memory.group(2).lower() == "g" else 1))
    if wall_time := _wall_time_s(text):
        found["wall_time_s"] = wall_time
    count = re.search(r"(\d+)\s*(?:times|copies|jobs|instances|个|份|次|遍)|\bcount[:=\s]+(\d+)", text, FLAGS)
    if count:
        found["count"] = int(count.group(1) or count.group(2))
    return found


def _wall_time_s(text: str) -> int | None:
    """Of `2 hours`, `30 min`, `一小时`, where it is said to be a time to run."""
    if not re.search(
        r"\b(?:wall ?-?time|time limit|run ?time|for (?:at most|up to))\b|时限|时长|最多运行", text, FLAGS
    ):
        return None
    said = re.search(r"(\d+(?:\.\d+)?|\b(?:an?|one|half an)\b|一|半)\s*个?\s*(d|h|m|天|小时|分)", text, FLAGS)
    return round(_number(said.group(1)) * _SECONDS[said.group(2).lower()]) if said else None


def _number(word: str) -> float:
    return float(word) if word[0].isdecimal() else 0.5 if word in ("半", "half an") else 1.0


def _which_script(question: Question) -> str:
    return question.language.say(
        "Which script shall I submit? For instance: `submit hello.sh with 2 GB memory and 2 cpus`.",
        "要提交哪个脚本？例如：`提交 hello.sh 内存 2GB 2核`。",
    )
