"""What all commands share: options, the two consoles, and how one fails."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from ink_core.errors import InkError
from ink_core.settings import Settings, SettingsError, load_settings

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

Profile = Annotated[str, typer.Option(envvar="INK_PROFILE", help="Shipped settings to start from: embedded or dev.")]
Config = Annotated[Path | None, typer.Option(help="Site overlay (YAML) on top of the profile.")]


def settings_of(profile: str, config: Path | None) -> Settings:
    try:
        return load_settings(profile=profile, overlay=config)
    except SettingsError as error:
        fail(error)


def do(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except (InkError, OSError) as error:
        fail(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def fail(error: Exception) -> NoReturn:
    err.print("[red]ink:[/red]", Text(str(error)))
    raise typer.Exit(1)
