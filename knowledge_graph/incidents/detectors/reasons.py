"""Why jobs are held: whether the site may be at fault, and the reason without what differs from job to job."""

from __future__ import annotations

import re

from knowledge_graph.incidents.scene import SeenJob

_SITES_FAULT = frozenset({
    "6", "7", "8", "9", "10", "11", "12", "13", "14", "17", "18", "19", "23", "24", "27",
    "launch_failed_requeued_held", "start_failed",
})  # fmt: skip
"""Codes of holds that a fault of the site makes, HTCondor's (`HoldReasonCode`), Slurm's and those of the local one.

The others are decisions of users or of a policy, or follow from what a job asked for: they are their owner's matter.
"""
_OFTEN_THE_USERS = ("no such file", "permission denied", "not executable", "exec format")
_PATH = re.compile(r"/[\w.+-]+(?:/[\w.+-]+)+")
_HOST = re.compile(r"(?:slot\d\w*@)?[\w-]+(?:\.[\w-]+){2,}|slot\d\w*@[\w-]+|<[\d.:?&=\w-]*>")
_NUMBER = re.compile(r"\d+")
MOST_CHARACTERS = 200


def may_be_the_sites(job: SeenJob) -> bool:
    code = (job.reason_code or "").replace(" ", "_")
    return code in _SITES_FAULT


def often_the_users(reason: str) -> bool:
    """A mistyped path looks the same in everybody's jobs."""
    return any(words in reason.lower() for words in _OFTEN_THE_USERS)


def alike(reason: str) -> str:
    """The same for reasons that differ in hosts, numbers and what is below the first folder of a path only."""
    text = _PATH.sub(lambda found: f"{first_folder(found.group())}/…", reason)
    return " ".join(_NUMBER.sub("N", _HOST.sub("HOST", text)).split())[:MOST_CHARACTERS]


def first_folder(path: str) -> str:
    return "/" + path.split("/")[1]


def folders_in(reason: str) -> frozenset[str]:
    """First folders of the paths that a reason names."""
    return frozenset(first_folder(path) for path in _PATH.findall(reason))
