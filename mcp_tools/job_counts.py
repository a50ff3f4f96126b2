"""How many jobs a submit description or batch script makes, as far as its text says so beyond doubt.

What a schedd would have to evaluate (`queue … from`, macros, includes) is not counted but assumed to be very many, so
that a token for a number of jobs cannot be used for more by writing them in another way.
"""

from __future__ import annotations

import re

UNCOUNTED = 10_000
_QUEUE = re.compile(r"queue(?:\s+(\d{1,7}))?\s*", re.IGNORECASE)
_DOUBTFUL = re.compile(r"\\\r?\n|^\s*(include|if|else|elif|use)\b|@=", re.IGNORECASE | re.MULTILINE)
_ARRAY = re.compile(r"(?:^|\s)(?:--array(?:=|\s+)|-a\s*)(\S+)")
_TASKS = re.compile(r"(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?")


def jobs_in(text: str | None) -> int:
    """`UNCOUNTED` also where the text is not known."""
    if text is None:
        return UNCOUNTED
    return _in_script(text) if text.lstrip().startswith("#!") else _in_description(text)


def _in_description(text: str) -> int:
    """Of `queue` and `queue N` lines only; a description without any makes one job."""
    queues = [line.strip() for line in text.splitlines() if line.strip().lower().startswith("queue")]
    matches = [_QUEUE.fullmatch(line) for line in queues]
    if _DOUBTFUL.search(text) or None in matches:
        return UNCOUNTED
    return max(1, sum(int(match[1] or 1) for match in matches if match))


def _in_script(text: str) -> int:
    """The tasks of the largest array of its `#SBATCH` lines."""
    options = " ".join(
        line.strip()[len("#SBATCH") :] for line in text.splitlines() if line.strip().startswith("#SBATCH")
    )
    if "hetjob" in options:
        return UNCOUNTED
    return max([1, *(_tasks(array) for array in _ARRAY.findall(options))])


def _tasks(array: str) -> int:
    """Of `0-3,7,10-20:5%2`."""
    count = 0
    for part in array.strip("\"'").partition("%")[0].split(","):
        match = _TASKS.fullmatch(part)
        if match is None:
            return UNCOUNTED
        count += len(range(int(match[1]), int(match[2] or match[1]) + 1, int(match[3] or 1) or 1))
    return count
