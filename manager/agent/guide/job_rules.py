"""Questions about jobs: list, describe, explain, submit, remove, hold, release."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from manager.agent.guide.plan import Call, Calls, Say, Step, call
from manager.agent.guide.question import FLAGS, Question, unquoted

MAX_CALLS = 8
MAX_EXPLAINED = 4
# A longer result is cut before it is recorded, and the guide reads what was recorded.
LISTED = 50

_WHY = r"\bwhy\b|\bexplain\b|\breason\b|\bwrong with\b|为什么|为何|原因|解释|怎么(?:还|没|不|了|被|回事)"
_READING = r"^[\s`]*(?:show|list|which|what|how|when|are|is|do|display|tell|give)\b|显示|列出|查看|哪些|看看|有没有"
_PUT_ON_HOLD = r"\bput\b.*\bon hold\b"
_NOW = "(?![的了中])"  # 挂起的作业 are held jobs; 挂起作业 is an order
_VERBS = (
    (
        "release_jobs",
        rf"\b(?:release|resume|unhold|condor_release)\b|(?:释放|放行|恢复|(?:取消|解除)(?:挂起|暂停)){_NOW}",
    ),
    (
        "remove_jobs",
        rf"\b(?:remove|delete|cancel|kill|terminate|abort|scancel)\b|(?<![被已])(?:删除|删掉|取消|移除|终止|杀掉){_NOW}",
    ),
    ("hold_jobs", rf"\b(?:hold|pause|suspend|condor_hold)\b|(?<![被已])(?:挂起|暂停){_NOW}"),
)
_SCRIPT = (
    r"(?:\b(?:submit|sbatch|condor_submit)\b|提交)\s*(?:(?:the|a|my|this|script|job|file|executable|program)\s+|一下|一个|这个|脚本|作业|任务|文件)*"
    r"\s*(?:[`\"“]([^`\"”]+)[`\"”]|([A-Za-z0-9_./~+@%=-]+))"
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
    script = question.find(_SCRIPT) or question.find(_RUN_AS_JOB)
    if script is None:
        return Say(_which_script(question)) if question.has(_NO_SCRIPT) else None
    options, words = _split_arguments(question.text)
    try:
        arguments = shlex.split(words)
    except ValueError:
        return Say(question.language.say("The quotes in the arguments do not match.", "参数里的引号不配对。"))
    asked: dict[str, JsonValue] = {"script": unquoted(script), **_resources(options), **question.cluster}
    if arguments:
        asked["arguments"] = cast("list[JsonValue]", arguments)
    name = question.find(r"\b(?:named|called|name[:=]?)\s+([\w.-]+)|(?:名为|名字叫|命名为)\s*([\w.-]+)")
    if name:
        asked["name"] = unquoted(name)
    return call("submit_job", asked)


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


def manage(question: Question) -> Step | None:
    """Remove, hold or release: by ids, all of one user's, or those of one's own in a state."""
    tool = next((tool for tool, verb in _VERBS if question.has(verb)), None)
    targets_jobs = question.mentions_jobs or bool(question.job_ids)
    if tool is None or not targets_jobs or (question.has(_READING) and not question.has(_PUT_ON_HOLD)):
        return None
    common: dict[str, JsonValue] = {"reason": _reason(question), **question.cluster}
    if question.job_ids:
        return call(tool, {"job_ids": cast("list[JsonValue]", list(question.job_ids)), **common})
    if question.owner and question.owner != "*":
        return call(tool, {"owner": question.owner, **common})
    return _manage_mine(question, tool, common) if question.mine else Say(_which_jobs(question))


def _manage_mine(question: Question, tool: str, common: Mapping[str, JsonValue]) -> Step:
    """All of one's own, or those in a state. `my job` may be meant for one only, so several are not acted on."""
    everything = question.has(r"\ball\b|\bjobs\b|所有|全部|都|那些|这些|(?:挂起|排队|运行|等待)(?:中)?的")
    states = _states_acted_on(question, tool)
    if everything and not states and question.user:
        return call(tool, {"owner": question.user, **common})
    chosen = cast("list[JsonValue]", states or ["QUEUEING", "RUNNING", "HOLDING"])
    listing = Call("list_jobs", {"states": chosen, "limit": LISTED, **question.cluster})

    def act(results: Sequence[JsonValue]) -> Step | None:
        ids = _listed_ids(results)
        if (len(ids) > 1 and not everything) or len(ids) == LISTED:
            return Say(_which_jobs(question))
        return call(tool, {"job_ids": cast("list[JsonValue]", ids), **common}) if ids else None

    return Calls((listing,), act)


def describe(question: Question) -> Step | None:
    only_an_id = re.fullmatch(r"\W*\d+(?:[._]\d+)?\W*", question.text) is not None
    return _each("describe_job", question) if question.job_ids and (question.mentions_jobs or only_an_id) else None


def listing(question: Question) -> Step | None:
    if not question.mentions_jobs and not question.has(r"\b(?:condor_q|squeue)\b|\bmy queue\b"):
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


def _listed_ids(results: Sequence[JsonValue]) -> list[str]:
    first = results[0] if results else None
    jobs = first.get("jobs") if isinstance(first, dict) else None
    return [str(job["job_id"]) for job in jobs if isinstance(job, dict)] if isinstance(jobs, list) else []


def _explain_listed(results: Sequence[JsonValue], question: Question) -> Step | None:
    ids = _listed_ids(results)
    calls = tuple(Call("explain_job", {"job_id": job_id, **question.cluster}) for job_id in ids)
    return Calls(calls) if 1 <= len(calls) <= MAX_EXPLAINED else None


def _states_acted_on(question: Question, tool: str) -> list[str]:
    """States that the words choose; `挂起` as the verb itself chooses none, and only held jobs are released."""
    if tool == "release_jobs":
        return ["HOLDING"]
    return [state for state in question.states if not (tool == "hold_jobs" and state == "HOLDING")]


def _split_arguments(text: str) -> tuple[str, str]:
    """What stands before `with arguments`, and the arguments themselves."""
    parts = re.split(
        r"\s*(?:,\s*)?(?:\bwith\s+)?\b(?:arguments?|args)\b[:=\s]+|参数(?:是|为)?[::\s]*", text, maxsplit=1, flags=FLAGS
    )
    return parts[0], parts[1] if len(parts) > 1 else ""


def _resources(text: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    cpus = re.search(r"(\d+)\s*(?:cpus?\b|cores?\b|个?核|个?\s?cpu)|\bcpus?[:=\s]+(\d+)", text, FLAGS)
    if cpus:
        found["cpus"] = int(cpus.group(1) or cpus.group(2))
        text = text.replace(cpus.group(), " ")
    memory = re.search(r"(\d+(?:\.\d+)?)\s*([gm])i?b?\b", text, FLAGS)
    if memory:
        found["memory_mb"] = round(float(memory.group(1)) * (1024 if memory.group(2).lower() == "g" else 1))
    count = re.search(r"(\d+)\s*(?:times|copies|jobs|instances|个|份|次|遍)|\bcount[:=\s]+(\d+)", text, FLAGS)
    if count:
        found["count"] = int(count.group(1) or count.group(2))
    return found


def _reason(question: Question) -> str:
    given = question.find(r"\bbecause\s+(.+)$|\breason[:=]\s*(.+)$|(?:因为|原因[::])\s*(.+)$")
    return unquoted(given)[:200] if given else f"asked by {question.user or 'the user'} in the chat"


def _which_script(question: Question) -> str:
    return question.language.say(
        "Which script shall I submit? For instance: `submit hello.sh with 2 GB memory and 2 cpus`.",
        "要提交哪个脚本？例如：`提交 hello.sh 内存 2GB 2核`。",
    )


def _which_jobs(question: Question) -> str:
    return question.language.say(
        "Which jobs do you mean? Name their ids, or say *all my jobs*, *my held jobs* or *all jobs of USER*.",
        "指的是哪些作业？请给出作业号，或者说*我的所有作业*、*我挂起的作业*、*USER 的所有作业*。",
    )
