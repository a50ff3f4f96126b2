"""Layered configuration: base → profile → extras → site overlay → environment, deep-merged and closed.

`model` and `sign_in` document every setting by its own field, `layers` reads and merges, `secrets` reads secret files.
"""

from ink_core.settings.layers import SettingsError, load_settings
from ink_core.settings.model import (
    AgentSettings,
    ApprovalSettings,
    AuditSettings,
    DatabaseSettings,
    LedgerSettings,
    ModelSettings,
    PolicySettings,
    ServerSettings,
    Settings,
    SpawnerSettings,
)
from ink_core.settings.sign_in import ClientSettings, OpenIdSettings, SignInSettings

__all__ = [
    "AgentSettings",
    "ApprovalSettings",
    "AuditSettings",
    "ClientSettings",
    "DatabaseSettings",
    "LedgerSettings",
    "ModelSettings",
    "OpenIdSettings",
    "PolicySettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "SignInSettings",
    "SpawnerSettings",
    "load_settings",
]
