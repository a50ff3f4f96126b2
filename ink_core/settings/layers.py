"""Reads and merges the layers of the configuration, and says which file set a wrong value.

Later layers win: base → profile → extras → site overlay → environment (`INK_SECTION__KEY`). Mappings merge key by key;
lists and plain values are replaced as a whole. In files `${NAME}` and `${NAME:-default}` come from the environment, and
any string may name `{data_dir}`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from ink_core.errors import InkError
from ink_core.settings.merging import KeyPath, Merged, Tree
from ink_core.settings.model import Settings

PREFIX = "INK_"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class SettingsError(InkError):
    """The configuration cannot be used; the text names the file and the key."""

    code = "bad_settings"


def load_settings(
    *,
    profile: str = "embedded",
    extras: Sequence[Path] = (),
    overlay: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of this installation. Raises `SettingsError`."""
    merged = Merged()
    for name in ("base", profile):
        merged.add(_expand(shipped_profile(name), environment, name), f"profile {name}")
    for path in (*extras, *([overlay] if overlay else [])):
        merged.add(_expand(_read(path), environment, str(path)), str(path))
    for name, path, value in _from_environment(environment):
        merged.add(_nested(path, value), f"environment variable {name}")
    return validated(merged)


def validated(merged: Merged) -> Settings:
    """The settings that this tree holds. Raises `SettingsError`, a line for each problem."""
    data_dir = merged.tree.get("data_dir")
    if isinstance(data_dir, str):
        data_dir = merged.tree["data_dir"] = str(Path(data_dir).expanduser().absolute())
        merged.tree = _with_data_dir(merged.tree, data_dir)
    try:
        return Settings.model_validate(merged.tree)
    except ValidationError as error:
        raise SettingsError("\n".join(merged.problems(error))) from None


@cache
def shipped_profile(profile: str) -> Tree:
    """As it stands in its file; the same tree each time, not to be changed. Raises `SettingsError`."""
    resource = files("ink_core") / "profiles" / f"{profile}.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9-]*", profile) or not resource.is_file():
        known = sorted(entry.name.removesuffix(".yaml") for entry in (files("ink_core") / "profiles").iterdir())
        raise SettingsError(f"there is no profile {profile!r}; choose one of {', '.join(known)}")
    return _parse(resource.read_text("utf-8"), f"profile {profile}")


def _read(path: Path) -> Tree:
    try:
        return _parse(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None


def _parse(text: str, source: str) -> Tree:
    try:
        tree: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SettingsError(f"{source} is not YAML: {error}") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise SettingsError(f"{source} must hold a mapping of sections")
    return cast(Tree, tree)


def _expand(value: Any, environment: Mapping[str, str], source: str) -> Any:
    if isinstance(value, dict):
        return {str(key): _expand(item, environment, source) for key, item in cast(Tree, value).items()}
    if isinstance(value, list):
        return [_expand(item, environment, source) for item in cast(list[Any], value)]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _variable(match, environment, source), value)
    return value


def _variable(match: re.Match[str], environment: Mapping[str, str], source: str) -> str:
    name, default = match.groups()
    value = environment.get(name) or default
    if value is None:
        raise SettingsError(f"{source}: the environment variable {name} is not set and has no default")
    return value


def _with_data_dir(value: Any, data_dir: str) -> Any:
    if isinstance(value, dict):
        return {key: _with_data_dir(item, data_dir) for key, item in cast(Tree, value).items()}
    if isinstance(value, list):
        return [_with_data_dir(item, data_dir) for item in cast(list[Any], value)]
    return value.replace("{data_dir}", data_dir) if isinstance(value, str) else value


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, KeyPath, Any]]:
    """`INK_SERVER__PORT=1` and `INK_DATA_DIR=/x`; another `INK_NAME` without `__` is not ours."""
    found: list[tuple[str, KeyPath, Any]] = []
    for name, text in sorted(environment.items()):
        path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if not name.startswith(PREFIX) or (len(path) == 1 and path[0] not in Settings.model_fields):
            continue
        try:
            value: Any = yaml.safe_load(text)
        except yaml.YAMLError:
            value = text
        found.append((name, path, value))
    return found


def _nested(path: KeyPath, value: Any) -> Tree:
    for key in reversed(path):
        value = {key: value}
    return cast(Tree, value)
