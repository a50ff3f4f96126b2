"""Writes a rendered deployment into a folder. Nothing in it is secret, and nothing that init makes there is touched.

The same answers give the same bytes, so that a folder under version control shows what a change of the answers does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import yaml

from deploy.render.compose import compose
from deploy.render.condor import client_config, pool_config
from deploy.render.engine import arguments
from deploy.render.layers import Chosen
from deploy.render.places import COMPOSE, CONTAINERS, MERGED, SECRET_FOLDERS, STACK, secret
from deploy.render.settings import manager_settings
from deploy.render.show import shown
from ink_core.settings.merging import Tree

IGNORED = "/secrets/\n/accounts/\n"
"""What no version control may see."""


def render(chosen: Chosen, output: Path) -> list[Path]:
    """The files written, replacing those of before. Raises `OSError`, or `BadDeployment` and has written nothing."""
    contents = dict(_contents(chosen))
    output.mkdir(parents=True, exist_ok=True)
    for folder in (Path("accounts"), *map(secret, SECRET_FOLDERS)):
        (output / folder).mkdir(parents=True, exist_ok=True)
    (output / "accounts").chmod(0o755)
    (output / "secrets").chmod(0o700)
    shutil.rmtree(output / CONTAINERS, ignore_errors=True)  # a service that is no more is not started again
    for name, text in contents.items():
        _write(output / name, text, 0o755 if name == STACK else 0o644)
    return [output / name for name in contents]


def _contents(chosen: Chosen) -> Iterator[tuple[Path, str]]:
    deployment = chosen.deployment
    head = f"# Layers: {' → '.join(chosen.layers)}. Lists are replaced, mappings merged.\n"
    yield MERGED, head + shown(chosen.merged)
    yield Path("ink.yaml"), _yaml(manager_settings(chosen))
    services = compose(deployment)
    yield COMPOSE, _yaml(services)
    for name, service in services["services"].items():
        yield CONTAINERS / name, "".join(f"{one}\n" for one in arguments(services["name"], service))
    if deployment.scheduler.kind == "htcondor":
        yield Path("condor/pool.conf"), pool_config(deployment)
        yield Path("condor/client.conf"), client_config()
    yield STACK, (files("deploy") / "compose" / "stack").read_text("utf-8")
    yield Path(".gitignore"), IGNORED


def _yaml(tree: Tree) -> str:
    return "# Rendered; change the answers and render again.\n" + yaml.safe_dump(
        tree, sort_keys=False, allow_unicode=True, width=120
    )


def _write(file: Path, text: str, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(mode)
    os.replace(draft, file)
