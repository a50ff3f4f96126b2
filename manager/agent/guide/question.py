"""One question of a person, and the parts that rules look for in it: job ids, paths, users, states, amounts.

English and Chinese. All patterns use ASCII word boundaries, so that `作业12` has one between the word and the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

FLAGS = re.ASCII | re.IGNORECASE

_PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_MENTION = re.compile(r"(?<![\w.])@(job|file|node|skill):([^\s()]+)", re.ASCII)
"""What the page completes: `@job:172.0`. A file is quoted, since its name can look like anything."""
_CJK = re.compile(r"[\u4e00-\u9fff]")
_UNIT = r"(?:[gm]i?b?\b|cpus?|cores?|times|copies|jobs|hours?|minutes?|个|核|份|次|遍|小时|分钟)"
_JOB_ID = re.compile(rf"(?<![\w./-])\d+(?:[._]\d+)?(?![\w/-])(?!\.\w)(?!\s*{_UNIT})", FLAGS)
_JOB_WORD = re.compile(r"\bjobs?\b|作业|任务", FLAGS)
_PATH = r"[A-Za-z0-9_./~+@%=,-]+"
_QUOTED = re.compile(r"[`\"“]([^`\"“”]+)[`\"”]|'([^']+)'")
_PATH_LIKE = re.compile(rf"(?<![\w./~-])(?=[^\s]*(?:[A-Za-z][^\s]*[./]|[./~][^\s]*[A-Za-z])){_PATH}", FLAGS)
_AT_WORK = r"(?:still )?(?:running|queued|waiting|submitted)\b"
_OWNERS = (
    re.compile(r"\bjobs? (?:of|by|from|owned by) (?:user )?(?P<user>[a-z_][\w.-]*)", FLAGS),
    re.compile(r"\bjobs? (?:that )?belong(?:s|ing)? to (?:user )?(?P<user>[a-z_][\w.-]*)", FLAGS),
    re.compile(rf"\b(?:that|which|what) (?P<user>[a-z_][\w.-]*) (?:is|has) {_AT_WORK}", FLAGS),
    re.compile(r"\b(?:does|has) (?:user )?(?P<user>[a-z_][\w.-]*) (?:have|got)\b", FLAGS),
    re.compile(r"\b(?P<user>[a-z_][\w.-]*)['’]s? (?:\w+ )?jobs?\b", FLAGS),
    re.compile(r"(?P<user>[a-z_][\w.-]*) *(?:现在|正在|目前|还)?(?:在|有|跑|提交|用).*(?:作业|任务)", FLAGS),
    re.compile(r"(?P<user>[a-z_][\w.-]*) *的 *(?:所有|全部)?[^ ,,。]{0,6}?(?:作业|任务)", FLAGS),
)
_NO_USERS = {"me", "mine", "my", "all", "every", "everybody", "everyone", "anyone", "the", "today", "it", "i", "job"}
_EVERYBODY = re.compile(
    r"\b(?:everybody|everyone|all users|anyone)\b|\ball (?:the )?jobs (?:in|on) the\b|所有人|大家|(?:所有|全部)用户",
    FLAGS,
)
_MINE = re.compile(r"\bmy\b|\bmine\b|(?<![帮给让替请])我(?![们想要能可会需])", FLAGS)

_ENDED = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "OUT_OF_MEMORY")
_STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\b(?:not|n't) running\b|没有?(?:在)?(?:运行|跑)|未运行", ("QUEUEING", "HOLDING")),
    (r"\brunning\b|(?:正在|在)?运行|在跑", ("RUNNING",)),
    (r"\b(?:idle|queued|queu?eing|pending|waiting)\b|排队|等待|空闲", ("QUEUEING",)),
    (r"\b(?:held|holding|on hold)\b|挂起|被?保持", ("HOLDING",)),
    (r"\b(?:completed|done|succeeded)\b|完成|成功", ("COMPLETED",)),
    (r"\b(?:finished|ended)\b|结束", _ENDED),
    (r"\bfailed\b|失败|出错", ("FAILED",)),
    (r"\b(?:cancell?ed|removed)\b|被取消|已取消|被删除", ("CANCELLED",)),
    (r"\b(?:timed out|timeout)\b|超时", ("TIMEOUT",)),
    (r"\b(?:out of memory|oom)\b|内存不足|内存超限", ("OUT_OF_MEMORY",)),
)


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh"

    def say(self, english: str, chinese: str) -> str:
        return english if self is Language.ENGLISH else chinese


def language_of(text: str) -> Language:
    return Language.CHINESE if _CJK.search(text) else Language.ENGLISH


def unquoted(text: str) -> str:
    """Without the punctuation that ends a sentence or quotes a word."""
    return re.sub(r"^[\s`'\"“”‘’]+|[\s`'\"“”‘’?!,;:。.]+$", "", text) or text.strip()


@dataclass(frozen=True)
class Question:
    """What was asked, by whom, on which clusters. Make it with `Question.of`."""

    text: str
    user: str = ""
    clusters: Sequence[str] = ()

    @classmethod
    def of(cls, text: str, user: str = "", clusters: Sequence[str] = ()) -> Question:
        """The question with full-width signs, digits and letters made plain, and what it names by `@` by its name."""
        plain = _MENTION.sub(lambda found: _named(*found.groups()), text.translate(_PLAIN))
        return cls(plain, user, clusters)

    @cached_property
    def language(self) -> Language:
        return language_of(self.text)

    @cached_property
    def job_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_JOB_ID.findall(self.text)))

    @property
    def mentions_jobs(self) -> bool:
        return _JOB_WORD.search(self.text) is not None

    @property
    def mine(self) -> bool:
        return _MINE.search(self.text) is not None

    @cached_property
    def owner(self) -> str | None:
        """A user named as the owner of jobs; `*` for everybody; None for nobody in particular."""
        if _EVERYBODY.search(self.text):
            return "*"
        found = (match.group("user") for pattern in _OWNERS for match in pattern.finditer(self.text))
        no_users = {*_NO_USERS, *(cluster.lower() for cluster in self.clusters)}
        return next((user for user in found if user.lower() not in no_users), None)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Job states that the words name; the first matching word wins."""
        return next((states for pattern, states in _STATES if re.search(pattern, self.text, FLAGS)), ())

    @cached_property
    def cluster(self) -> dict[str, str]:
        """The `cluster` argument, when a known cluster is named."""
        named = (
            name for name in self.clusters if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", self.text, FLAGS)
        )
        return {"cluster": name} if (name := next(named, None)) else {}

    @cached_property
    def path(self) -> str | None:
        """A quoted text, or a word that looks like a path (it has a slash or a dot, and a letter)."""
        quoted = _QUOTED.search(self.text)
        if quoted:
            return quoted.group(1) or quoted.group(2)
        found = _PATH_LIKE.search(self.text)
        return unquoted(found.group()) if found else None

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.text, FLAGS) is not None

    def find(self, pattern: str) -> str | None:
        """The first group that took part in the first match."""
        match = re.search(pattern, self.text, FLAGS)
        return next((group for group in match.groups() if group), None) if match else None


def _named(kind: str, name: str) -> str:
    return f"`{name}`" if kind == "file" else name
