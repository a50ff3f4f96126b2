"""Secrets come from files that only their owner can read, or from the environment; never from a settings file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path

from ink_core.settings.foreign import ForeignServerSettings
from ink_core.settings.layers import SettingsError
from ink_core.settings.model import DatabaseSettings, ModelSettings
from ink_core.settings.sign_in import OpenIdSettings

MAX_SECRET_BYTES = 64 * 1024


def read_secret_file(path: Path) -> str:
    """Text of a secret file without surrounding space. Raises `SettingsError` when others could read it too."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
                raise SettingsError(f"{path} must be a file that only its owner can read: chmod 600 {path}")
            text = file.read(MAX_SECRET_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the secret file {path} cannot be read: {error}") from None
    if not text:
        raise SettingsError(f"the secret file {path} is empty")
    return text


def forget_keys(
    models: Iterable[ModelSettings],
    providers: Iterable[OpenIdSettings] = (),
    servers: Iterable[ForeignServerSettings] = (),
    environment: MutableMapping[str, str] = os.environ,
) -> None:
    """Take the keys that were read out of the environment, so that no child process inherits them."""
    of_models = (model.api_key_env for model in models)
    of_providers = (provider.client_secret_env for provider in providers)
    for name in (*of_models, *of_providers, *(server.token_env for server in servers)):
        if name is not None:
            environment.pop(name, None)


def model_api_key(model: ModelSettings, environment: Mapping[str, str] = os.environ) -> str | None:
    """The key of a language model, or None when it needs none."""
    return _secret(f"model {model.name}", model.api_key_file, model.api_key_env, environment)


def database_password(database: DatabaseSettings, environment: Mapping[str, str] = os.environ) -> str | None:
    """The password of a database, or None when it needs none."""
    return _secret("the database's password", database.password_file, database.password_env, environment)


def client_secret(provider: OpenIdSettings, environment: Mapping[str, str] = os.environ) -> str | None:
    """The secret of an OpenID client, or None for a public one."""
    what = f"provider {provider.name}"
    return _secret(what, provider.client_secret_file, provider.client_secret_env, environment)


def foreign_token(server: ForeignServerSettings, environment: Mapping[str, str] = os.environ) -> str | None:
    """The bearer token of a foreign MCP server, or None when it needs none."""
    return _secret(f"MCP server {server.name}", server.token_file, server.token_env, environment)


def _secret(what: str, file: Path | None, variable: str | None, environment: Mapping[str, str]) -> str | None:
    if file is not None:
        return read_secret_file(file)
    if variable is None:
        return None
    if not environment.get(variable):
        raise SettingsError(f"{what}: the environment variable {variable} is not set")
    return environment[variable]
