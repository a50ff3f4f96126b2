"""The plugins that the settings name, started before anything is served; what they replace ends with the platform."""

from __future__ import annotations

from contextlib import AsyncExitStack

from ink_core.plugins.running import Plugins
from ink_core.settings import Settings


async def open_plugins(settings: Settings, exits: AsyncExitStack) -> Plugins:
    """Never raises for a plugin: one that does not start is logged, named to administrators and left out."""
    plugins = Plugins()
    exits.callback(plugins.withdraw)
    await plugins.start(settings.plugin_packages, settings.plugins.start_timeout_s)
    return plugins
