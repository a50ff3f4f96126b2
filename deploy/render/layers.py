"""The layers of a deployment, merged and checked: base → profile → extras → the site's answers.

Mappings merge key by key; a list is replaced as a whole. The answers may name their profile and extras themselves, so
that one file describes a site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from deploy.render.model import Deployment
from deploy.render.yaml_layer import BadDeployment, Layer, parse_layer, read_layer
from ink_core.settings.merging import KeyPath, Merged

DEFAULT_PROFILE = "single-host"
_SHIPPED_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Chosen:
    """The checked deployment, the merged tree it was made from with the origin of each value, and the layers' names."""

    deployment: Deployment
    merged: Merged
    layers: tuple[str, ...]


def choose(profile: str | None = None, extras: Sequence[str] = (), answers: Path | None = None) -> Chosen:
    """`extras` are names of shipped ones or paths; those of the answers come first. Raises `BadDeployment`."""
    site = read_layer(answers) if answers else Layer("no answers", {}, {})
    profile = profile or _own_word(site, "profile") or DEFAULT_PROFILE
    named = [*_own_words(site, "extras"), *extras]
    layers = [_shipped("profiles", "base"), _shipped("profiles", profile), *map(_extra, dict.fromkeys(named))]
    own = {key: value for key, value in site.tree.items() if key not in ("profile", "extras")}
    layers += [Layer(site.name, own, site.lines)] if answers else []
    return merge(layers)


def merge(layers: Sequence[Layer]) -> Chosen:
    """Raises `BadDeployment`, a line for each problem."""
    merged = Merged()
    for layer in layers:
        merged.add(layer.tree, layer.where)
    try:
        deployment = Deployment.model_validate(merged.tree)
    except ValidationError as error:
        raise BadDeployment("\n".join(merged.problems(error))) from None
    return Chosen(deployment, merged, tuple(layer.name for layer in layers))


def shipped(kind: str) -> list[str]:
    """Names of the shipped profiles or extras."""
    found = sorted(entry.name for entry in (files("deploy") / kind).iterdir())
    return [name.removesuffix(".yaml") for name in found if name.endswith(".yaml") and name != "base.yaml"]


def _shipped(kind: str, name: str) -> Layer:
    file = files("deploy") / kind / f"{name}.yaml"
    if not _SHIPPED_NAME.fullmatch(name) or not file.is_file():
        raise BadDeployment(f"{kind} has no {name!r}; choose one of {', '.join(shipped(kind))}")
    return parse_layer(file.read_text("utf-8"), f"{kind}/{name}.yaml")


def _extra(name: str) -> Layer:
    return read_layer(Path(name)) if "/" in name or name.endswith((".yaml", ".yml")) else _shipped("extras", name)


def _own_word(site: Layer, key: str) -> str | None:
    word = site.tree.get(key)
    if word is not None and not isinstance(word, str):
        raise BadDeployment(f"{site.where((key,))}: {key}: a name is wanted")
    return word


def _own_words(site: Layer, key: str) -> list[str]:
    words: object = site.tree.get(key) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in cast(list[object], words)):
        raise BadDeployment(f"{site.where((key,))}: {key}: a list of names is wanted")
    return cast(list[str], words)


def origin_in(merged: Merged, below: str) -> dict[KeyPath, str]:
    """Origins of what stands below one key, by their paths from there on."""
    return {path[1:]: source for path, source in merged.origin.items() if path[0] == below and len(path) > 1}
