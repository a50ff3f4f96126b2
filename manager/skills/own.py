"""One's own skills over the REST interface, by the tools that an agent has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ink_core.errors import BadInput, NotFound
from ink_core.settings import Settings
from manager.remote import Refused, post_json

WAITS = "waiting_approval"


def own_skills(settings: Settings, directory: str) -> Sequence[Mapping[str, Any]]:
    """Lines of `own_skills`. Raises `Refused` with the manager's words."""
    return _called(settings, "own_skills", {"directory": directory})["result"]["skills"]


def accept_skill(settings: Settings, name: str, directory: str) -> None:
    """Asks for it; it counts once its owner has confirmed it. Raises `NotFound`, `BadInput`, `Refused`."""
    line = next((one for one in own_skills(settings, directory) if one["name"] == name), None)
    if line is None:
        raise NotFound(f"there is no skill {name} in that place; `ink skill own` lists them")
    if line["sha256"] is None:
        raise BadInput(f"{name} does not keep to the format, or asks for tools that you may not use")
    _called(settings, "accept_skill", {"name": name, "directory": directory, "sha256": line["sha256"]})


def forget_skill(settings: Settings, sha256: str) -> None:
    _called(settings, "forget_skill", {"sha256": sha256})


def _called(settings: Settings, tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    call = post_json(settings, "/api/v1/calls", {"tool": tool, "arguments": dict(arguments)})
    if call["status"] not in ("done", WAITS):
        raise Refused(str(call["error"]["message"]) if call["error"] else f"{tool} ended as {call['status']}")
    return call
