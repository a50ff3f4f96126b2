"""How many jobs a submit description or batch script makes, as far as its text says so beyond doubt.

What a scheduler would have to evaluate (`queue … from`, macros, includes), and whatever could be read in two ways, is
not counted but assumed to be more than any token is made for, so that a token for a number of jobs cannot be used for
more by writing them in another way. The text is read as the cluster's own scheduler reads it.

Limits: what a job submits itself, by running `sbatch` or `condor_submit`, is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

UNCOUNTED = 1_000_001
_QUEUE = re.compile(r"[ \t]*queue(?:[ \t]+(\d{1,7}))?[ \t\r]*", re.IGNORECASE | re.ASCII)
_LIKE_QUEUE = re.compile(r"\W*queue", re.IGNORECASE)
_CONTINUED = re.compile(r"\\\s*$", re.MULTILINE)
_DOUBTFUL = re.compile(r"\W*(include|if|else|elif|use)\b|.*@=", re.IGNORECASE)
_OTHER_SCRIPT = re.compile(r"^\s*#(PBS|BSUB)|^\s*#SBATCH.*\b(het|pack)job\b", re.IGNORECASE | re.MULTILINE)
_LONG = re.compile(r"--ar\w*(?:=(.*))?", re.DOTALL)
_TAKES_VALUE = frozenset("AbBcCdDeFGiJLmMnNopqtwx")
"""Letters that take all behind them as their value; any other one may be a flag with more letters behind it."""
_TASKS = re.compile(r"(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?", re.ASCII)


def jobs_in(text: str | None, scheduler: str | None) -> int:
    """`scheduler` is the type of the cluster. `UNCOUNTED` also where the text is not known, or who reads it."""
    if text is None or scheduler not in {"htcondor", "slurm"}:
        return UNCOUNTED
    return _in_description(text) if scheduler == "htcondor" else _in_script(text)


def _in_description(text: str) -> int:
    """Of `queue` and `queue N` lines only; a description without any makes one job."""
    lines = [line for line in text.split("\n") if not line.lstrip(" \t").startswith("#")]
    matches = [_QUEUE.fullmatch(line) for line in lines if _LIKE_QUEUE.match(line)]
    if _CONTINUED.search(text) or any(map(_DOUBTFUL.match, lines)) or None in matches:
        return UNCOUNTED
    return max(1, sum(int(match[1] or 1) for match in matches if match))


def _in_script(text: str) -> int:
    """The tasks of the largest array that any of its `#SBATCH` lines could mean."""
    if _OTHER_SCRIPT.search(text):
        return UNCOUNTED
    lines = [line.strip() for line in text.split("\n") if line.lstrip().startswith("#SBATCH")]
    return max([1, *(_tasks(array) for line in lines for array in _arrays(line))])


def _arrays(line: str) -> Iterator[str]:
    """Values of all words that sbatch could take for its option `array`, quotes and escapes left out."""
    words = re.sub(r"[\"'\\]", "", line.removeprefix("#SBATCH")).split()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--"):
            if option := _LONG.fullmatch(word):
                yield following if option[1] is None else option[1]
        elif word.startswith("-"):
            yield from _bundled(word[1:], following)


def _bundled(letters: str, following: str) -> Sequence[str]:
    """`-a` among one-letter options in one word: `-a0-9`, `-Qa 0-9`."""
    for position, letter in enumerate(letters):
        if letter == "a":
            return (letters[position + 1 :] or following,)
        if letter in _TAKES_VALUE:
            break
    return ()


def _tasks(array: str) -> int:
    """Of `0-3,7,10-20:5%2`."""
    count = 0
    for part in array.partition("%")[0].split(","):
        match = _TASKS.fullmatch(part)
        if match is None:
            return UNCOUNTED
        count += len(range(int(match[1]), int(match[2] or match[1]) + 1, int(match[3] or 1) or 1))
    return count
