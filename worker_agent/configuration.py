"""Reads the agent's configuration from a file or standard input, and takes care that its secret stayed a secret.

Limits: reads once; what is wrong is said without showing any value.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import BinaryIO

from pydantic import ValidationError

from worker_agent.faults import from_validation
from worker_agent.protocol import AgentConfig

_LARGEST = 1024 * 1024


class BadConfig(Exception):
    """The message says what is wrong and what to do."""


def read_config(source: str) -> AgentConfig:
    """`source` is a path, or `-` for standard input."""
    try:
        text = _read(sys.stdin.buffer) if source == "-" else _read_private(source)
        config = AgentConfig.model_validate_json(text)
    except OSError as error:
        raise BadConfig(f"The configuration {source} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise BadConfig(f"The configuration {source} is not valid. {from_validation(error).fault.message}") from None
    if not config.manager_url.startswith(("ws://", "wss://")):
        raise BadConfig("manager_url must begin with ws:// or wss://.")
    return config


def _read_private(path: str) -> bytes:
    with open(path, "rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise BadConfig(f"Others may read {path}, which holds a secret; run chmod 600 on it.")
        return _read(file)


def _read(file: BinaryIO) -> bytes:
    text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise BadConfig(f"The configuration is larger than {_LARGEST} bytes.")
    return text
