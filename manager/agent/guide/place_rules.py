"""Questions about files, disk, commands, clusters, documentation, and about the guide itself."""

from __future__ import annotations

import re
import shlex
from typing import cast

from pydantic import JsonValue

from manager.agent.guide.plan import Say, Step, call
from manager.agent.guide.question import FLAGS, Question, unquoted

# Longer results are cut before they are recorded, and the guide reads what was recorded.
LISTED = 100
READ_BYTES = 6000

_COMMAND = (
    r"^\s*\$\s+(.+)$"
    r"|^[\s`]*(?:please |can you |could you )*(?:run|execute|exec)\s+(?:the\s+)?(?:command\b)?\s*[::]?\s*(.+)$"
    r"|^[\s`]*(?:请|帮我|麻烦)*(?:运行|执行)(?:一下)?(?:命令)?\s*[::]?\s*([!-~].*)$"
)
_SHELL_SIGNS = ";|<>&"
_HOW_TO = r"\bhow (?:do|can|to|does|should|would)\b|如何|怎样|怎么(?!还|没|不|了|被|回事)"
_DOCUMENTS = r"\bdocumentation\b|\b(?:search|find|look)\b.*\b(?:docs|documentation|manual|handbook)\b|文档|手册|说明书"
_QUERY_WORDS = (
    r"^[\s`]*(?:please )?(?:search|find|look up|look in|show|查找|搜索|查询|查)?\s*(?:in )?(?:the )?"
    r"(?:documentation|docs?|manual|handbook|文档|手册)?(?:里|中)?\s*(?:for|about|on|关于|:|:)?\s*"
)
_SHOW = (
    r"\b(?:show|cat|read|open|print|display|view|head|contents? of)\b|显示|查看|打开|读取|读一?下?|看一?下|看看|内容"
)
_WORKSPACE = (
    r"\b(?:workspace|files?|director(?:y|ies)|folders?)\b|^[\s`]*(?:ls|dir)\b|工作区|工作目录|工作空间|目录|文件"
)


def introduce(question: Question) -> Step | None:
    asked = question.has(
        r"^[\s`]*(?:help|hello|hi|hey|commands)[\s?!.]*$|\bwhat can you do\b|\bwho are you\b|\bwhat are you\b"
        r"|^[\s`]*(?:帮助|你好|您好)[\s?!.]*$|能做(?:些)?什么|会做什么|你是谁|怎么用"
    )
    return Say(introduction(question)) if asked else None


def command(question: Question) -> Step | None:
    """`run COMMAND words`: one program with arguments. There is no shell, so its signs are not offered to any."""
    words = question.find(_COMMAND)
    if words is None or re.match(r"(?:a|an|my|some|all)\s", words, FLAGS):
        return None
    try:
        argv = shlex.split(words.strip().strip("`"))
    except ValueError:
        return Say(question.language.say("The quotes in that command do not match.", "命令里的引号不配对。"))
    if _has_shell_sign(words):
        return Say(
            question.language.say(
                "I run one program with its arguments, and no shell reads `;`, `|`, `>` or `&&`: "
                "use the terminal for those, or put them into a script.",
                "我只运行一个程序及其参数，没有 shell 来解释 `;`、`|`、`>` 或 `&&`：请用终端，或写进脚本。",
            )
        )
    return call("run_command", {"argv": cast("list[JsonValue]", argv)}) if argv else None


def _has_shell_sign(words: str) -> bool:
    """Outside quotes, also where no space sets it apart (`echo hi; ls`)."""
    tokens = shlex.shlex(words.strip().strip("`"), posix=True, punctuation_chars=_SHELL_SIGNS)
    tokens.whitespace_split, tokens.commenters = True, ""
    return any(set(token) <= set(_SHELL_SIGNS) for token in tokens if token)


def documents(question: Question) -> Step | None:
    return _search(question) if question.has(_HOW_TO) or question.has(_DOCUMENTS) else None


def skills(question: Question) -> Step | None:
    """Which there are, or one of them by its name."""
    named = question.find(
        r"\b(?:show|read|open|use)\s+(?:me\s+)?(?:the\s+)?skill\s+([a-z0-9-]+)|技能\s*([a-z0-9-]+)"
        r"|\b(?:show|read|open|use)\s+(?:me\s+)?(?:the\s+)?([a-z0-9-]+)\s+skill\b"
    )
    if named and named.lower() not in ("your", "my", "all", "computing"):
        return call("read_skill", {"name": named.lower()})
    return call("list_skills", {}) if question.has(r"\bskills?\b|技能") else None


def download(question: Question) -> Step | None:
    if not question.has(r"\bdownload\b|下载"):
        return None
    path = question.path or question.find(r"\bdownload\s+(?:link\s+)?(?:for\s+|of\s+)?(?:the\s+)?(?:file\s+)?(\S+)")
    if path is None:
        return Say(question.language.say("A download link for which file?", "要哪个文件的下载链接？"))
    return call("create_download_link", {"path": unquoted(path)})


def show_file(question: Question) -> Step | None:
    if not question.has(_SHOW) or question.path is None or question.path.endswith("/"):
        return None
    wants_folder = question.has(r"\b(?:director(?:y|ies)|folder|files in)\b|目录|文件夹")
    return None if wants_folder else call("read_file", {"path": question.path, "length": READ_BYTES})


def agents(question: Question) -> Step | None:
    """Launch, stop or list one's worker agents."""
    if not question.has(r"\b(?:worker )?agents?\b|\bworkers?\b|代理|智能体"):
        return None
    stopped = question.find(r"\b(?:stop|end)\b.*\b(?:agent|worker)\s+([\w-]+)|停止.*?(?:代理|智能体)\s*([\w-]+)")
    if stopped:
        return call("stop_agent", {"worker_id": stopped})
    if question.has(r"\b(?:launch|start|open|create)\b|启动|打开|新建"):
        return call("launch_agent", {**question.cluster})
    return call("list_agents", {}) if question.mine or question.has(r"\b(?:list|show|which)\b|哪些|列出") else None


def disk(question: Question) -> Step | None:
    asked = question.has(
        r"\b(?:disk|quota|du|df)\b|\b(?:free|much|left|used) space\b|\bspace\b.*\b(?:left|free|used)\b|\bstorage\b"
        r"|磁盘|硬盘|配额|(?<!工作)空间|存储|占用"
    )
    return call("disk_use", {"path": question.path or "."}) if asked else None


def files(question: Question) -> Step | None:
    named = question.find(
        r"^[\s`]*(?:ls|list|dir)\s+(?:the\s+)?(?:files\s+)?(?:in\s+|of\s+)?([\w./~+-]*[/.~][\w./~+-]*)[\s?!.]*$"
    )
    if named is None and not question.has(_WORKSPACE):
        return None
    folder = question.find(r"\b(?:in|of|under|inside)\s+(?:the\s+)?(?:folder\s+|directory\s+)?([\w.+-]+/[\w./+-]*)")
    return call("list_files", {"path": named or folder or question.path or ".", "limit": LISTED})


def cluster(question: Question) -> Step | None:
    asked = question.has(
        r"\b(?:cluster|pool|farm)\b|\b(?:nodes?|health|schedd|scheduler|condor_status|sinfo)\b|集群|节点|健康|调度"
    )
    return call("cluster_status", {**question.cluster}) if asked or question.cluster else None


def definition(question: Question) -> Step | None:
    asked = question.has(r"^[\s`]*(?:search|find|what is|what are|what does|搜索|查找|什么是)|是什么")
    return _search(question) if asked else None


def not_understood(question: Question) -> Step:
    opening = question.language.say(
        "I did not understand that. I am the offline guide: fixed rules, no language model.",
        "我没有听懂。我是离线向导：只有固定规则，没有语言模型。",
    )
    return Say(f"{opening}\n\n{_examples(question)}")


def introduction(question: Question) -> str:
    opening = question.language.say(
        "I am the **offline guide**: fixed rules, no language model. I understand common questions, in English and "
        "Chinese, and answer them with the same tools, approvals and records as a model would.",
        "我是**离线向导**：只有固定规则，没有语言模型。我能听懂常见的中英文问题，用与模型相同的工具、审批和记录来回答。",
    )
    return f"{opening}\n\n{_examples(question)}"


def _search(question: Question) -> Step:
    query = re.sub(_QUERY_WORDS, "", question.text, count=1, flags=FLAGS)
    return call("search_documentation", {"query": (unquoted(query) or question.text)[:400]})


def _examples(question: Question) -> str:
    return question.language.say(
        "You can ask, for instance:\n"
        "- `show my running jobs`, `jobs of bob`, `details of job 12.0`, `why is job 12.0 held?`\n"
        "- `submit hello.sh with 2 GB memory, 2 cpus, 10 times`\n"
        "- `remove job 12.0`, `hold all my jobs`, `release my held jobs`, `remove all jobs of bob`\n"
        "- `what is in my workspace?`, `show file hello.sh`, `download link for result.root`, `disk use`\n"
        "- `run ls -l`, `how is the cluster?`, `search documentation for quota`",
        "例如可以这样问：\n"
        "- `显示我正在运行的作业`、`bob 的作业`、`作业 12.0 的详情`、`作业 12.0 为什么被挂起？`\n"
        "- `提交 hello.sh 内存 2GB 2核 10次`\n"
        "- `删除作业 12.0`、`暂停我的所有作业`、`释放我挂起的作业`、`删除 bob 的所有作业`\n"
        "- `我的工作区里有什么？`、`查看文件 hello.sh`、`result.root 的下载链接`、`磁盘用量`\n"
        "- `运行 ls -l`、`集群状态`、`搜索文档 配额`",
    )
