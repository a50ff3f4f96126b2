"""How the results of file, command, cluster and link tools read."""

from __future__ import annotations

import shlex

from pydantic import JsonValue

from manager.agent.guide.job_answers import Result, records, texts
from manager.agent.guide.markdown import BLOCK_CHARS, bullets, code, fence, moment, plain, size, table
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language
from manager.agent.guide.words import AGENT_STATES, FILE_KINDS, JOB_STATES, NODE_STATES, word

ROWS = 100


def file_list(result: Result, arguments: Arguments, language: Language) -> str:
    entries = records(result.get("entries"))
    path, total = code(result.get("path") or arguments.get("path")), result.get("total", len(entries))
    if not entries:
        return language.say(f"{path} is empty.", f"{path} 是空的。")
    head = language.say(f"**{total}** entries in {path}:", f"{path} 中有 **{total}** 项：")
    columns = ["Name", "Kind", "Size", "Modified (UTC)"]
    columns = columns if language is Language.ENGLISH else ["名称", "类型", "大小", "修改时间 (UTC)"]
    rows = [
        [
            code(entry.get("name")),
            plain(word(FILE_KINDS, entry.get("kind"), language)),
            size(entry.get("size")),
            moment(entry.get("modified")),
        ]
        for entry in entries[:ROWS]
    ]
    return f"{head}\n\n{table(columns, rows)}"


def file_text(result: Result, arguments: Arguments, language: Language) -> str:
    path = code(result.get("path") or arguments.get("path"))
    text = result.get("text")
    if not isinstance(text, str):
        return language.say(
            f"{path} is not text ({size(result.get('size'))}); ask for a download link instead.",
            f"{path} 不是文本({size(result.get('size'))});可以要一个下载链接。",
        )
    rest = "" if result.get("eof", True) else language.say("\n\nThis is only its beginning.", "\n\n这只是开头部分。")
    return f"{path} ({size(result.get('size'))}):\n\n{_block(text, language)}{rest}"


def matches(result: Result, arguments: Arguments, language: Language) -> str:
    found, words = records(result.get("matches")), code(arguments.get("pattern"))
    if not found:
        return language.say(f"No file has {words}.", f"没有文件包含 {words}。")
    head = language.say(f"**{len(found)}** lines have {words}:", f"有 **{len(found)}** 行包含 {words}：")
    lines = [f"{code(one.get('path'))} {one.get('line')}: {code(one.get('text'))}" for one in found[:ROWS]]
    rest = language.say("There are more.", "还有更多。") if result.get("truncated") else ""
    return "\n\n".join(filter(None, [head, bullets(lines), rest]))


def made(result: Result, arguments: Arguments, language: Language) -> str:
    path = code(result.get("path") or arguments.get("path"))
    return language.say(f"The directory {path} is there.", f"目录 {path} 已建好。")


def command_output(result: Result, arguments: Arguments, language: Language) -> str:
    words = code(shlex.join(texts(arguments.get("argv"))))
    status = result.get("exit_code")
    parts = [language.say(f"{words} ended with exit code **{status}**.", f"{words} 的退出码为 **{status}**。")]
    for field, english, chinese in (("stdout", "Output", "输出"), ("stderr", "Errors", "错误输出")):
        text = result.get(field)
        if isinstance(text, str) and text.strip():
            parts.append(f"{language.say(english, chinese)}:\n\n{_block(text, language)}")
    return "\n\n".join(parts)


def disk(result: Result, arguments: Arguments, language: Language) -> str:
    path, used, entries = code(result.get("path")), size(result.get("used_bytes")), result.get("entries")
    free, total = size(result.get("filesystem_free_bytes")), size(result.get("filesystem_total_bytes"))
    least = "" if result.get("complete") else language.say("at least ", "至少 ")
    return language.say(
        f"{path} holds {least}**{used}** in {entries} entries; its file system has **{free}** free of {total}.",
        f"{path} 占用 {least}**{used}**({entries} 项);所在文件系统共 {total}，剩余 **{free}**。",
    )


def agent_list(result: Result, arguments: Arguments, language: Language) -> str:
    agents = records(result.get("agents"))
    return bullets([agent(one, arguments, language) for one in agents]) or language.say(
        "You have no worker agent; say `launch an agent`.", "您没有工作代理；可以说`启动代理`。"
    )


def agent(result: Result, arguments: Arguments, language: Language) -> str:
    where = ", ".join(code(result[field]) for field in ("cluster", "job_id", "node") if result.get(field))
    detail = f". {plain(result['detail'])}" if result.get("detail") else ""
    name, state = code(result.get("worker_id")), plain(word(AGENT_STATES, result.get("state"), language))
    return language.say(
        f"Worker agent {name}: **{state}** ({where}){detail}", f"工作代理 {name}：**{state}**({where}){detail}"
    )


def cluster(result: Result, arguments: Arguments, language: Language) -> str:
    nodes, problems = records(result.get("nodes")), texts(result.get("problems"))
    name, at = code(result.get("cluster")), moment(result.get("observed_at"))
    verdict = (
        language.say("no problem is known", "没有已知问题") if not problems else language.say("with problems", "有问题")
    )
    parts = [
        language.say(f"Cluster {name}: **{verdict}** (as of {at} UTC).", f"集群 {name}：**{verdict}**(截至 {at} UTC)。")
    ]
    if problems:
        parts.append(bullets([plain(problem) for problem in problems]))
    jobs = result.get("jobs")
    if isinstance(jobs, dict) and jobs:
        counts = ", ".join(f"{count} {plain(word(JOB_STATES, state, language))}" for state, count in jobs.items())
        parts.append(language.say(f"Jobs of all users: {counts}.", f"所有用户的作业：{counts}。"))
    if nodes:
        columns = ["Node", "State", "CPUs used", "Memory (MB)"]
        columns = columns if language is Language.ENGLISH else ["节点", "状态", "已用 CPU", "内存 (MB)"]
        rows = [
            [
                code(n.get("name")),
                plain(word(NODE_STATES, n.get("state"), language)),
                f"{n.get('cpus_used')} / {n.get('cpus')}",
                str(n.get("memory_mb")),
            ]
            for n in nodes[:ROWS]
        ]
        parts.append(table(columns, rows))
    return "\n\n".join(parts)


def link(result: Result, arguments: Arguments, language: Language) -> str:
    path, url, until = code(arguments.get("path")), result.get("url"), moment(result.get("expires_at"))
    return language.say(f"Download {path}: <{url}> (until {until} UTC)", f"下载 {path}:<{url}>(有效至 {until} UTC)")


def anything(result: JsonValue) -> str:
    """A result that no renderer knows, field by field."""
    if not isinstance(result, dict):
        return fence(str(result)[:BLOCK_CHARS])
    return bullets([f"{plain(name.replace('_', ' '))}: {_field(name, value)}" for name, value in result.items()])


def _field(name: str, value: JsonValue) -> str:
    if name.endswith(("bytes", "_size")) or name == "size":
        return size(value)
    return moment(value) if name.endswith("_at") else code(value)


def _block(text: str, language: Language) -> str:
    if len(text) <= BLOCK_CHARS:
        return fence(text)
    note = language.say(
        f"(the first {BLOCK_CHARS} of {len(text)} characters)", f"(前 {BLOCK_CHARS} 个字符，共 {len(text)} 个)"
    )
    return f"{fence(text[:BLOCK_CHARS])}\n{note}"
