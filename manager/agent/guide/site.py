"""The site as a whole, and its incidents: the question, and how the answer reads."""

from __future__ import annotations

from pydantic import JsonValue

from manager.agent.guide.job_answers import Result, records
from manager.agent.guide.markdown import bullets, code, plain
from manager.agent.guide.plan import Arguments, Step, call
from manager.agent.guide.question import Language, Question
from manager.agent.guide.words import JOB_STATES, Words, word

_ASKED = (
    r"\bincidents?\b|\boutages?\b|\bwhat(?:'s| is) (?:wrong|broken)\b|\bsite(?:'s)? (?:health|status)\b"
    r"|\b(?:how is|health of|status of) the (?:whole )?site\b|站点|整个中心|事件|有什么(?:故障|问题)"
)
_STATUS = {
    "ok": ("all is well", "一切正常"),
    "degraded": ("something is wrong", "有问题"),
    "down": ("down", "停止服务"),
}
_CONDITIONS: Words = {
    "works": ("at work", "正常工作"),
    "maintenance": ("in maintenance", "维护中"),
    "down": ("down", "宕机"),
}
SHOWN = 20


def question(asked: Question) -> Step | None:
    return call("site_health", {}) if asked.has(_ASKED) else None


def answer(result: Result, arguments: Arguments, language: Language) -> str:
    status = language.say(*_STATUS.get(str(result.get("status")), ("not known", "未知")))
    lines = [_cluster(one, language) for one in records(result.get("clusters"))]
    wrong = [plain(one.get("text")) for one in records(result.get("incidents"))[:SHOWN]]
    own = [plain(one.get("text")) for one in records(result.get("own"))[:SHOWN]]
    parts = [language.say(f"The site: **{status}**.", f"站点：**{status}**。"), bullets(lines)]
    if wrong:
        parts += [language.say("Incidents that you may see:", "您可以看到的事件："), bullets(wrong)]
    if own:
        parts += [language.say("Of your own jobs:", "关于您自己的作业："), bullets(own)]
    return "\n\n".join(parts)


def _cluster(one: dict[str, JsonValue], language: Language) -> str:
    nodes, jobs = _counts(one.get("nodes"), _CONDITIONS, language), _counts(one.get("jobs"), JOB_STATES, language)
    problem = f": {plain(one.get('problem'))}" if one.get("problem") else ""
    name, used = code(one.get("cluster")), f"{one.get('cpus_used')} / {one.get('cpus')}"
    return language.say(
        f"{name}{problem}; nodes: {nodes or 'not known'}; CPUs in use: {used}; jobs: {jobs or 'none'}",
        f"{name}{problem}；节点：{nodes or '未知'}；已用 CPU：{used}；作业：{jobs or '无'}",
    )


def _counts(counted: JsonValue, words: Words, language: Language) -> str:
    """`3 at work, 1 down`, without what there is none of."""
    found = counted.items() if isinstance(counted, dict) else ()
    return ", ".join(f"{count} {plain(word(words, name, language))}" for name, count in found if count)
