"""What the user sees and how commands run: one line per step, one sentence per failure."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_began = time.monotonic()


class ClusterError(Exception):
    """One sentence for the user: what is wrong and what to do."""


@contextmanager
def step(label: str) -> Iterator[None]:
    """A line with the time since the start, the step, and (when it is over) how long it took."""
    started = time.monotonic()
    print(f"[{started - _began:6.1f}s] {label} …", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print(" failed", file=sys.stderr, flush=True)
        raise
    print(f" {time.monotonic() - started:.1f}s", file=sys.stderr, flush=True)


def run(argv: Sequence[str | Path], what: str, timeout: float = 60, env: dict[str, str] | None = None) -> str:
    """Run a command to its end and return what it printed; its last words go into the error when it fails."""
    try:
        done = subprocess.run(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            env=env,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ClusterError(f"{what} did not end within {timeout:.0f} s") from None
    if done.returncode:
        last_words = "\n    ".join(done.stdout.strip().splitlines()[-12:])
        raise ClusterError(f"{what} failed (exit {done.returncode}):\n    {last_words}")
    return done.stdout


def wait_until(ready: Callable[[], bool], what: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            raise ClusterError(f"{what} within {timeout:.0f} s: it did not happen; the logs are in the nodes")
        time.sleep(0.1)
