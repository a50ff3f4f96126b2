"""What somebody asks of an app, and what the job gets: within the bounds of the manifest, with its defaults."""

from __future__ import annotations

import posixpath
from typing import Annotated

from pydantic import Field, StringConstraints

from ink_core.apps.manifest import Bounds, Manifest
from ink_core.compute.model import Value
from ink_core.errors import BadInput

Path = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")]


class AppOptions(Value):
    """None is the app's own default. `inputs` are by the names that the app gives them, paths from the home."""

    cpus: int | None = Field(default=None, ge=1)
    memory_mb: int | None = Field(default=None, ge=1)
    wall_time_s: int | None = Field(default=None, ge=1)
    gpus: int | None = Field(default=None, ge=0)
    queue: str | None = Field(default=None, max_length=255, description="Partition, where the cluster has several.")
    group: str | None = Field(default=None, max_length=255, description="Accounting group or account.")
    qos: str | None = Field(default=None, max_length=255)
    inputs: dict[str, Path] = Field(default={}, max_length=10)


class Chosen(Value):
    """What a session gets."""

    cpus: int
    memory_mb: int
    wall_time_s: int
    gpus: int
    queue: str | None = None
    group: str | None = None
    qos: str | None = None


def chosen(manifest: Manifest, options: AppOptions) -> Chosen:
    """Raises `BadInput` that names the bound."""
    resources = manifest.resources
    return Chosen(
        cpus=_within("cpus", resources.cpus, options.cpus),
        memory_mb=_within("memory_mb", resources.memory_mb, options.memory_mb),
        wall_time_s=_within("wall_time_s", resources.wall_time_s, options.wall_time_s),
        gpus=_within("gpus", resources.gpus, options.gpus),
        queue=options.queue,
        group=options.group,
        qos=options.qos,
    )


def inputs_of(manifest: Manifest, options: AppOptions, home: str) -> dict[str, str]:
    """Absolute paths by name. Raises `BadInput` for an input that the app does not have."""
    if unknown := set(options.inputs) - {each.name for each in manifest.inputs}:
        raise BadInput(f"this app has no input {', '.join(sorted(unknown))}")
    asked = {each.name: options.inputs.get(each.name, each.default) for each in manifest.inputs}
    return {name: posixpath.normpath(posixpath.join(home, path.removeprefix("~/"))) for name, path in asked.items()}


def _within(name: str, bounds: Bounds, asked: int | None) -> int:
    if asked is None:
        return bounds.default
    if not bounds.least <= asked <= bounds.most:
        raise BadInput(f"{name} is {asked}; this app takes {bounds.least} to {bounds.most}")
    return asked
