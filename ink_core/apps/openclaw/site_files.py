"""What a session of OpenClaw gets from the site: a configuration with its models, and the skill library.

Limits: offered are the site's own models that ask for no key; a key of the site is nobody else's, and an external model
is no place for a user's data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ink_core.settings import ModelSettings

NAME = "openclaw"
CONFIGURATION = "openclaw.json"
PROVIDER = "ink-"
"""Before each model's name: for providers whose names it knows, OpenClaw would fetch a plugin from the network."""


def offered(models: Sequence[ModelSettings]) -> Sequence[ModelSettings]:
    return [model for model in models if model.trust == "site" and not (model.api_key_file or model.api_key_env)]


def configuration(models: Sequence[ModelSettings], folder: str, apps_url: str | None) -> dict[str, Any]:
    """`openclaw.json` of a session in this folder, as OpenClaw 2026.9 reads it; the first model is the default."""
    chosen = offered(models)
    agents = {"defaults": {"model": {"primary": f"{PROVIDER}{chosen[0].name}/{chosen[0].model}"}}} if chosen else {}
    page = {"enabled": True, "basePath": "${INK_APP_PATH}", "allowedOrigins": [apps_url] if apps_url else []}
    return {
        "gateway": {"mode": "local", "controlUi": page},
        "models": {"providers": {f"{PROVIDER}{model.name}": _provider(model) for model in chosen}},
        "agents": agents,
        "skills": {"load": {"extraDirs": [f"{folder}/skills"]}},
    }


def site_files(
    models: Sequence[ModelSettings], folder: str, apps_url: str | None, library: Path
) -> Mapping[str, bytes]:
    """Contents by name below the folder; `library` is the folder of the skills."""
    written = json.dumps(configuration(models, folder, apps_url), indent=2).encode()
    skills = {f"skills/{file.parent.name}/SKILL.md": file.read_bytes() for file in sorted(library.glob("*/SKILL.md"))}
    return {CONFIGURATION: written, **skills}


def _provider(model: ModelSettings) -> dict[str, Any]:
    described = {
        "id": model.model,
        "name": model.name,
        "reasoning": False,
        "input": ["text"],
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0},
        "contextWindow": model.context_tokens,
        "maxTokens": min(8192, model.context_tokens // 4),
    }
    return {"baseUrl": model.base_url, "apiKey": "none", "api": "openai-completions", "models": [described]}
