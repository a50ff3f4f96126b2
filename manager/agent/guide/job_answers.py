"""How the results of job tools read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from pydantic import JsonValue

from manager.agent.guide.chinese import in_chinese
from manager.agent.guide.markdown import bullets, code, megabytes, moment, plain, table
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language
from manager.agent.guide.words import JOB_STATES, word

Result = Mapping[str, JsonValue]
ROWS = 50

_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("owner", "Owner", "用户"),
    ("name", "Name", "名称"),
    ("command", "Command", "命令"),
    ("node", "Node", "节点"),
    ("queue", "Queue", "队列"),
    ("group", "Group", "组"),
    ("cpus", "CPUs", "CPU"),
    ("working_directory", "Directory", "目录"),
    ("stdout", "Output", "输出"),
    ("stderr", "Errors", "错误输出"),
    ("exit_code", "Exit code", "退出码"),
)
_TIMES = (("submitted_at", "Submitted", "提交"), ("started_at", "Started", "开始"), ("ended_at", "Ended", "结束"))


def job_list(result: Result, arguments: Arguments, language: Language) -> str:
    jobs = records(result.get("jobs"))
    total = result.get("total", len(jobs))
    whose = _whose(arguments, language)
    if not jobs:
        return language.say(f"There are no such jobs ({whose}).", f"没有这样的作业({whose})。")
    head = language.say(
        f"**{total} job{'' if total == 1 else 's'}** ({whose}), as of {moment(result.get('observed_at'))} UTC:",
        f"**{total} 个作业**({whose}),截至 {moment(result.get('observed_at'))} UTC:",
    )
    rows = [_row(job, language, with_owner="owner" in arguments) for job in jobs[:ROWS]]
    left = total - len(rows) if isinstance(total, int) else 0
    note = language.say(f"\n\n{left} more are not shown.", f"\n\n另有 {left} 个未显示。") if left > 0 else ""
    return f"{head}\n\n{table(_columns(language, 'owner' in arguments), rows)}{note}"


def job_details(result: Result, arguments: Arguments, language: Language) -> str:
    job_id = code(result.get("job_id"))
    lines = [
        language.say(
            f"**Job {job_id}** is **{state(result, language)}**.", f"**作业 {job_id}**：**{state(result, language)}**。"
        )
    ]
    shown = [
        f"{language.say(english, chinese)}: {code(result[field])}"
        for field, english, chinese in _FIELDS
        if result.get(field) not in (None, "")
    ]
    times = [f"{language.say(e, c)}: {moment(result[f])} UTC" for f, e, c in _TIMES if result.get(f)]
    return "\n\n".join([*lines, bullets([*shown, *times, *_usage(result, language)]), *_why(result, language)])


def job_explanation(result: Result, arguments: Arguments, language: Language) -> str:
    head = f"**{language.say('Job', '作业')} {code(result.get('job_id'))} · {state(result, language)}**"
    parts = [head, plain(explained(str(result.get("summary", "")), language))]
    for field, english, chinese in (
        ("evidence", "What the scheduler says", "调度器的信息"),
        ("proposals", "What you can do", "可以怎么做"),
    ):
        lines = texts(result.get(field))
        if lines:
            parts.append(
                f"{language.say(english, chinese)}:\n\n{bullets([plain(explained(line, language)) for line in lines])}"
            )
    return "\n\n".join(parts)


def submitted(result: Result, arguments: Arguments, language: Language) -> str:
    ids = texts(result.get("job_ids"))
    where, script = code(result.get("cluster")), code(arguments.get("script"))
    return language.say(
        f"Submitted {script} to {where}: {_ids(ids, language)}. Ask `show my jobs` to follow.",
        f"已将 {script} 提交到 {where}：{_ids(ids, language)}。可以问`显示我的作业`来跟踪。",
    )


def acted(english: str, chinese: str) -> Callable[[Result, Arguments, Language], str]:
    """Renderer of one action's result, for instance `acted("Removed", "已删除")`."""

    def render(result: Result, arguments: Arguments, language: Language) -> str:
        done, refused = texts(result.get("done")), result.get("refused")
        parts = [f"{language.say(english, chinese)}: {_ids(done, language)}."] if done else []
        if isinstance(refused, dict) and refused:
            head = language.say("Refused by the scheduler:", "调度器拒绝：")
            parts.append(f"{head}\n\n{bullets([f'{code(job_id)}: {plain(why)}' for job_id, why in refused.items()])}")
        return "\n\n".join(parts) or language.say(
            "There was no such job; nothing was changed.", "没有这样的作业，什么也没有改变。"
        )

    return render


def state(job: Result, language: Language) -> str:
    return word(JOB_STATES, job.get("state", "OTHER"), language)


def explained(sentence: str, language: Language) -> str:
    """A sentence of a scheduler's explanation, which our adapters write in English."""
    return language.say(sentence, in_chinese(sentence))


def records(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _whose(arguments: Arguments, language: Language) -> str:
    owner = arguments.get("owner")
    states = texts(arguments.get("states"))
    who = language.say("yours", "您的") if owner is None else code(owner)
    who = language.say("everybody's", "所有人的") if owner == "*" else who
    kinds = [word(JOB_STATES, one, language) for one in states]
    return language.say(
        ", ".join([who, " or ".join(kinds)] if kinds else [who]), ",".join([who, "或".join(kinds)] if kinds else [who])
    )


def _columns(language: Language, with_owner: bool) -> list[str]:
    english = [
        "Job",
        *(["Owner"] if with_owner else []),
        "State",
        "Name",
        "Script",
        "Submitted (UTC)",
        "Started (UTC)",
        "Node",
    ]
    chinese = ["作业", *(["用户"] if with_owner else []), "状态", "名称", "脚本", "提交 (UTC)", "开始 (UTC)", "节点"]
    return english if language is Language.ENGLISH else chinese


def _row(job: Result, language: Language, *, with_owner: bool) -> list[str]:
    owner = [code(job.get("owner"))] if with_owner else []
    return [
        code(job.get("job_id")),
        *owner,
        state(job, language),
        code(job.get("name")),
        code(_script(job)),
        moment(job.get("submitted_at")),
        moment(job.get("started_at")),
        code(job.get("node")),
    ]


def _script(job: Result) -> str:
    """The file that runs; the whole command is among the details of a job."""
    words = str(job.get("command") or "").split(maxsplit=1)
    return PurePosixPath(words[0]).name if words else ""


def _usage(job: Result, language: Language) -> list[str]:
    asked, peak, cpu = job.get("memory_mb"), job.get("memory_peak_mb"), job.get("cpu_used_s")
    lines: list[str] = []
    if asked is not None or peak is not None:
        lines.append(
            language.say(
                f"Memory: peak {megabytes(peak)} of {megabytes(asked)} asked for",
                f"内存：峰值 {megabytes(peak)}，申请 {megabytes(asked)}",
            )
        )
    if isinstance(cpu, int | float):
        lines.append(language.say(f"CPU time used: {cpu:.0f} s", f"已用 CPU 时间：{cpu:.0f} 秒"))
    return lines


def _why(job: Result, language: Language) -> list[str]:
    if not job.get("reason"):
        return []
    by_code = f" ({code(job['reason_code'])})" if job.get("reason_code") else ""
    return [f"{language.say('Reason', '原因')}{by_code}: {plain(job['reason'])}"]


def _ids(ids: list[str], language: Language) -> str:
    shown = ", ".join(code(job_id) for job_id in ids[:10])
    if len(ids) <= 10:
        return shown
    return language.say(
        f"{shown} … ({len(ids)} jobs, the last is {code(ids[-1])})",
        f"{shown} …(共 {len(ids)} 个，最后一个是 {code(ids[-1])})",
    )
