"""Orders to change jobs: remove, hold, release, or let them have other resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from manager.agent.guide.job_rules import LISTED, listed_ids, resources
from manager.agent.guide.plan import Call, Calls, Say, Step, call
from manager.agent.guide.question import Question, unquoted

_READING = r"^[\s`]*(?:show|list|which|what|how|when|are|is|do|display|tell|give)\b|显示|列出|查看|哪些|看看|有没有"
_PUT_ON_HOLD = r"\bput\b.*\bon hold\b"
_NOW = "(?![的了中])"  # 挂起的作业 are held jobs; 挂起作业 is an order
_TAKE = r"^[\s`]*(?:请|帮我|麻烦|现在)*把"  # an order: 把作业删了; elsewhere it may tell what somebody did
_RELEASE = (
    r"\b(?:release|resume|unhold|condor_release)\b|\blet\b.*\b(?:run|continue|go on)\b"
    rf"|让.*(?:继续|接着|重新)(?:跑|运行)?|(?:释放|放行|恢复|(?:取消|解除)(?:挂起|暂停)){_NOW}"
)
_REMOVE = (
    rf"\b(?:remove|delete|cancel|kill|terminate|abort|scancel)\b|(?<![被已])(?:删除|删掉|取消|移除|终止|杀掉){_NOW}"
    rf"|{_TAKE}.*(?:删|取消|杀|停)(?:了|掉)"
)
_HOLD = rf"\b(?:hold|pause|suspend|condor_hold)\b|(?<![被已])(?:挂起|暂停){_NOW}"
_VERBS = (("release_jobs", _RELEASE), ("remove_jobs", _REMOVE), ("hold_jobs", _HOLD))
_CHANGE = (
    r"\b(?:raise|lower|increase|reduce|decrease|set|change|give|edit)\b"
    r"|(?:改|设|调|增加|提高|减少|降低)(?:成|为|到|至)?"
)
_CHANGED = ("cpus", "memory_mb", "wall_time_s")


def change(question: Question) -> Step | None:
    """Other CPUs, memory or wall time for jobs that are named by their ids."""
    asked = {name: value for name, value in resources(question.text).items() if name in _CHANGED}
    if not question.job_ids or not asked or not question.has(_CHANGE):
        return None
    ids = cast("list[JsonValue]", list(question.job_ids))
    return call("edit_jobs", {"job_ids": ids, **asked, **question.cluster})


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
        ids = listed_ids(results)
        if (len(ids) > 1 and not everything) or len(ids) == LISTED:
            return Say(_which_jobs(question))
        return call(tool, {"job_ids": cast("list[JsonValue]", ids), **common}) if ids else None

    return Calls((listing,), act)


def _states_acted_on(question: Question, tool: str) -> list[str]:
    """States that the words choose; `挂起` as the verb itself chooses none, and only held jobs are released."""
    if tool == "release_jobs":
        return ["HOLDING"]
    return [state for state in question.states if not (tool == "hold_jobs" and state == "HOLDING")]


def _reason(question: Question) -> str:
    given = question.find(r"\bbecause\s+(.+)$|\breason[:=]\s*(.+)$|(?:因为|原因[::])\s*(.+)$")
    return unquoted(given)[:200] if given else f"asked by {question.user or 'the user'} in the chat"


def _which_jobs(question: Question) -> str:
    return question.language.say(
        "Which jobs do you mean? Name their ids, or say *all my jobs*, *my held jobs* or *all jobs of USER*.",
        "指的是哪些作业？请给出作业号，或者说*我的所有作业*、*我挂起的作业*、*USER 的所有作业*。",
    )
