"""The certificate authorities of a site of its own: read here, and sent along to what runs on the nodes."""

from __future__ import annotations

import ssl

from ink_core.settings.layers import SettingsError
from ink_core.settings.model import AgentSettings

MAX_BYTES = 32 * 1024
"""They travel with each agent's configuration, which may have twice that at the spawner: some ten authorities."""


def manager_authorities(agents: AgentSettings) -> str | None:
    """PEM of those that check the manager's certificate, None for the nodes' own. Raises `SettingsError`."""
    if agents.ca_file is None:
        return None
    try:
        with agents.ca_file.open(encoding="ascii") as file:
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            larger = f"agents.ca_file {agents.ca_file} is larger than {MAX_BYTES // 1024} KiB"
            raise SettingsError(f"{larger}: name a file with the site's own authorities alone")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (OSError, ValueError) as error:
        raise SettingsError(f"agents.ca_file {agents.ca_file} is no file of certificates (PEM): {error}") from None
    return text
