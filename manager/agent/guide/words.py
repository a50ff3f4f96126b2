"""Words for states and kinds in both languages: the very ones of the page (`web/src/i18n`), as a test checks."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from manager.agent.guide.question import Language

Words = Mapping[str, tuple[str, str]]

JOB_STATES: Words = {
    "SUBMITTING": ("submitting", "提交中"),
    "QUEUEING": ("queued", "排队"),
    "RUNNING": ("running", "运行"),
    "COMPLETED": ("completed", "完成"),
    "HOLDING": ("held", "挂起"),
    "SUSPENDED": ("suspended", "暂停"),
    "FAILED": ("failed", "失败"),
    "CANCELLED": ("removed", "已删除"),
    "TIMEOUT": ("timed out", "超时"),
    "OUT_OF_MEMORY": ("out of memory", "内存不足"),
    "OTHER": ("other", "其他"),
}
AGENT_STATES: Words = {
    "submitting": ("submitting", "提交中"),
    "queued": ("queued", "排队中"),
    "starting": ("starting", "启动中"),
    "ready": ("ready", "就绪"),
    "lost": ("connection lost", "连接中断"),
    "gone": ("ended", "已结束"),
}
FILE_KINDS: Words = {
    "file": ("file", "文件"),
    "directory": ("directory", "目录"),
    "link": ("link", "链接"),
    "other": ("other", "其他"),
}
NODE_STATES: Words = {
    "idle": ("idle", "空闲"),
    "busy": ("busy", "占满"),
    "partly busy": ("partly busy", "部分占用"),
    "mixed": ("mixed", "混合"),
    "Claimed": ("claimed", "已占用"),
    "Unclaimed": ("unclaimed", "空闲"),
    "Owner": ("in use by its owner", "所有者使用中"),
    "Drained": ("drained", "已排空"),
}
"""Slurm's own states, which may be several at once, stay as they are."""


def word(words: Words, value: JsonValue, language: Language) -> str:
    """The word for a value; a value without one is its own word, in small letters."""
    english, chinese = words.get(str(value), (str(value).replace("_", " ").lower(),) * 2)
    return language.say(english, chinese)
