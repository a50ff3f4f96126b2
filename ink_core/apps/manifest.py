"""The manifest of an app: what it is called, what its job runs and needs, and how the app is reached.

Closed and checked when it is read. The command is an argv: no shell ever reads it. In it and in the environment the
door puts for `{socket}`, `{app_port}`, `{base_path}` and `{folder}` what `session_file` says, and `{home}` is the home.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ink_core.apps.app_path import PARTS
from ink_core.compute.model import MAX_WALL_TIME_S, Value

NAME = f"^{PARTS['app']}$"
GIVEN = frozenset({"socket", "app_port", "base_path", "folder", "home"})
"""What a command may name besides its inputs."""
_NAMED = re.compile(r"\{([a-z_]+)\}")

Word = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,99}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]


class Words(Value):
    """A text in the languages of the page."""

    en: str = Field(min_length=1, max_length=400)
    zh: str = Field(min_length=1, max_length=400)


class Bounds(Value):
    """What is asked for when nobody says, and how little and how much one may ask for."""

    default: int = Field(ge=0)
    least: int = Field(ge=0)
    most: int = Field(ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.least <= self.default <= self.most:
            raise ValueError("least, default and most are not in this order")
        return self


class Resources(Value):
    """Of the job: CPUs, memory in MB, wall time in seconds, GPUs."""

    cpus: Bounds
    memory_mb: Bounds
    wall_time_s: Bounds
    gpus: Bounds = Bounds(default=0, least=0, most=0)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if min(self.cpus.least, self.memory_mb.least, self.wall_time_s.least) < 1:
            raise ValueError("a job needs a CPU, memory and time")
        if self.wall_time_s.most > MAX_WALL_TIME_S:
            raise ValueError(f"a wall time is at most {MAX_WALL_TIME_S} s")
        return self


class Input(Value):
    """Something of the user's that the command names as `{name}`: a path, which is made absolute below the home."""

    name: str = Field(pattern=r"^[a-z][a-z_]{0,31}$")
    title: Words
    kind: Literal["path"] = "path"
    default: str = Field(default=".", min_length=1, max_length=4096, description="From the home.")


class Manifest(Value):
    """`connects`: by the door that the job runs, or, of an existing script, by its own file `app_login.info`.

    `files` are those of the app's folder that its session gets. `sign_in` is a variable of the environment that a new
    secret of the session is put in, for apps that cannot go without: the door sends it as a bearer token. `withheld`
    are headers that the app does not get.
    """

    version: Literal[1]
    title: Words
    description: Words
    command: tuple[Word, ...] = Field(min_length=1, max_length=100)
    environment: dict[Variable, Word] = Field(default={}, max_length=100)
    files: tuple[FileName, ...] = Field(default=(), max_length=20)
    inputs: tuple[Input, ...] = Field(default=(), max_length=10)
    connects: Literal["door", "app_login"] = "door"
    listens: Literal["socket", "port"] = "socket"
    sign_in: Variable | None = None
    withheld: tuple[HeaderName, ...] = Field(default=(), max_length=20)
    strip_prefix: bool = False
    ready_path: str = Field(default="", max_length=200, pattern=r"^([A-Za-z0-9._~-][A-Za-z0-9._~/?=&-]*)?$")
    resources: Resources
    start_timeout_s: int = Field(default=180, ge=1, le=3600)
    idle_timeout_s: int = Field(default=8 * 3600, ge=60, le=30 * 86_400)
    queue_timeout_s: int = Field(default=86_400, ge=1, le=30 * 86_400)

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        known = GIVEN | {each.name for each in self.inputs}
        for text in (*self.command, *self.environment.values()):
            if unknown := set(_NAMED.findall(text)) - known:
                raise ValueError(f"{text!r} names {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        if len(known) != len(GIVEN) + len(self.inputs):
            raise ValueError("the inputs have names that are taken")
        return self

    @model_validator(mode="after")
    def _asks_its_neighbours(self) -> Self:
        if self.listens == "port" and self.sign_in is None:
            raise ValueError("an app that listens on a port needs sign_in: any user of the node can connect to it")
        return self


def put(text: str, values: dict[str, str]) -> str:
    """The text with these values where it names them; a value is never looked through for more."""
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)
