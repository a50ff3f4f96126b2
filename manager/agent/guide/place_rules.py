"""Questions about files, disk, commands, agents and clusters."""

from __future__ import annotations

import re
import shlex
from typing import cast

from pydantic import JsonValue

from manager.agent.guide.markdown import code
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
_SHOW = (
    r"\b(?:show|cat|read|open|print|display|view|head|contents? of)\b|显示|查看|打开|读取|读一?下?|看一?下|看看|内容"
)
_EDIT = r"\b(?:edit|change|modify|replace|rewrite|insert|append)\b|修改|编辑|替换|改写|插入"
_WORKSPACE = (
    r"\b(?:workspace|files?|director(?:y|ies)|folders?)\b|^[\s`]*(?:ls|dir)\b|工作区|工作目录|工作空间|目录|文件"
)


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


def edit_file(question: Question) -> Step | None:
    """Changing text by one's words wants a language model; what there is instead is told."""
    if question.path is None or not question.has(_EDIT):
        return None
    return Say(
        question.language.say(
            f"I have no rule for edits: open {code(question.path)} in **Files** beside this conversation and change it "
            "there. With a language model the agent proposes edits, of which you take what you want.",
            f"我没有修改文件的规则：请在对话旁的**文件**中打开 {code(question.path)} 自行修改。"
            "配置语言模型后，智能体会提出修改，由您逐处选择。",
        )
    )


def search_files(question: Question) -> Step | None:
    """Which files have these words in them."""
    words = question.find(
        r"\bfiles?\b.*\b(?:mention(?:s|ing)?|contain(?:s|ing)?|with the words?|that have)\s+(.+)$|^[\s`]*grep\s+(.+)$"
        r"|文件.*(?:提到了?|包含了?|含有|出现了?)\s*(.+)$"
    )
    return call("search_files", {"pattern": unquoted(words)}) if words else None


def make_directory(question: Question) -> Step | None:
    path = question.find(
        r"\b(?:make|create|mkdir)\b.*\b(?:folder|directory)\s+(?:called |named )?[`\"']?([\w./~+-]+)"
        r"|^[\s`]*mkdir\s+([\w./~+-]+)|(?:新建|创建|建)(?:一个)?(?:名?叫|名为)?\s*([\w./~+-]+)\s*的?(?:目录|文件夹)"
        r"|(?:新建|创建|建)(?:一个)?(?:目录|文件夹)\s*([\w./~+-]+)"
    )
    return call("make_directory", {"path": unquoted(path)}) if path else None


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
        r"\b(?:disk|quota|du|df)\b|\bhow (?:big|large) (?:is|are)\b"
        r"|\b(?:free|much|left|used) space\b|\bspace\b.*\b(?:left|free|used)\b|\bstorage\b"
        r"|磁盘|硬盘|配额|(?<!工作)空间|存储|占用|占了?多|有?多大"
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
