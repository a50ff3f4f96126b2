"""What the proxy of apps asks of the manager, opened with a key of its own in the data directory."""

from __future__ import annotations

from ink_core.api.proxy_routes import AppsProxy
from ink_core.apps.connections import AppConnections
from ink_core.apps.entry import KEY_FILE, AppsEntry
from ink_core.clock import Clock
from ink_core.key_file import secret_key
from ink_core.settings import Settings


def open_apps_proxy(settings: Settings, connections: AppConnections, clock: Clock) -> AppsProxy:
    """Without an address for apps it lets nobody in. Raises `KeyUnusable`."""
    key, apps_url = secret_key(settings.data_dir / KEY_FILE), settings.apps.public_url
    entry = AppsEntry(key, settings.public_url, apps_url, clock) if apps_url else None
    return AppsProxy(connections, key, entry)
