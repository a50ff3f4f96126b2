"""Checks a job specification where the job's files are visible, before any scheduler sees it.

Limits: run as the submitting user on the access point; what the execute node sees may differ.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from ink_core.compute.model import Description, JobSpec
from ink_core.errors import BadInput

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.+-]+")
MAX_DESCRIPTION_BYTES = 1_000_000


@dataclass(frozen=True)
class Command:
    """What really runs: absolute executable first. `label` is the job's name made fit for a file name."""

    argv: tuple[str, ...]
    name: str
    label: str
    working_directory: str


def check(spec: JobSpec) -> Command:
    """Raises `BadInput` with what to change. A script without x permission runs through its `#!` interpreter."""
    _check_texts(spec)
    directory = existing(spec.working_directory)
    name = spec.name or Path(spec.executable).name
    label = _NOT_IN_FILE_NAMES.sub("_", name).lstrip(".-") or "job"
    argv = (*_launcher(directory / spec.executable), *spec.arguments)
    return Command(argv=argv, name=name, label=label, working_directory=str(directory))


def text_of(description: Description) -> str:
    """The description itself, read as this process's user where it is a file. Raises `BadInput`."""
    directory = existing(description.working_directory)
    if description.text is not None:
        return description.text
    path = directory / (description.path or "")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_DESCRIPTION_BYTES + 1)
    except OSError as error:
        raise BadInput(f"the description {path} cannot be read: {error.strerror}") from None
    if len(content) > MAX_DESCRIPTION_BYTES:
        raise BadInput(f"the description {path} is longer than {MAX_DESCRIPTION_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadInput(f"the description {path} is not UTF-8 text") from None


def existing(working_directory: str) -> Path:
    directory = Path(working_directory)
    if not directory.is_absolute():
        raise BadInput(f"the working directory {working_directory!r} is not an absolute path")
    if not directory.is_dir():
        raise BadInput(f"the working directory {directory} does not exist or is not a directory")
    return directory


def _check_texts(spec: JobSpec) -> None:
    texts = {
        "executable": spec.executable, "working directory": spec.working_directory, "name": spec.name,
        "stdout": spec.stdout, "stderr": spec.stderr, "queue": spec.queue, "group": spec.group,
        "QOS": spec.qos, "node": spec.node,
    }  # fmt: skip
    for what, text in texts.items():
        if text is not None and _UNPRINTABLE.search(text):
            if what == "executable" and "\n" in text:
                raise BadInput("the job's executable is text of several lines: write it into a file, and name its path")
            raise BadInput(f"the job's {what} {text!r} has a control character in it")
    if any("\0" in text for text in (*spec.arguments, *spec.environment.values())):
        raise BadInput("an argument or environment value of the job has a NUL character in it")
    if any(_UNPRINTABLE.search(str(value)) for value in spec.attributes.values()):
        raise BadInput("an attribute of the job has a control character in it")
    for name in spec.environment:
        if not _ENVIRONMENT_NAME.fullmatch(name):
            raise BadInput(f"{name!r} is no name of an environment variable")


def _launcher(executable: Path) -> tuple[str, ...]:
    if executable.is_dir():
        raise BadInput(f"{executable} is a directory, not a program")
    if os.access(executable, os.X_OK):
        return (str(executable),)
    try:
        with executable.open("rb") as file:
            first_line = file.readline(256).decode("utf-8", "replace")
    except FileNotFoundError:
        raise BadInput(f"the executable {executable} does not exist") from None
    except OSError as error:
        raise BadInput(f"the executable {executable} cannot be read: {error.strerror}") from None
    if not first_line.startswith("#!") or not (interpreter := shlex.split(first_line[2:])):
        raise BadInput(f"{executable} is neither executable nor a script with a '#!' line; chmod +x it")
    return (*interpreter, str(executable))
