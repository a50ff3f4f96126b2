"""The token that `ink login` got: one file of the user's own, readable by nobody else, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from ink_core.errors import BadInput


def token_file(environment: Mapping[str, str] = os.environ) -> Path:
    base = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    return Path(base) / "ink-harness" / "tokens.json"


def save_token(url: str, token: str, file: Path) -> None:
    """Keeps it for that address; tokens for other addresses stay."""
    tokens = {**_tokens(file), url: token}
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent)  # made for its owner only
    try:
        with open(descriptor, "w") as opened:
            json.dump(tokens, opened)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, file)
    except BaseException:
        os.unlink(draft)
        raise


def saved_token(url: str, file: Path) -> str | None:
    """The token for exactly this address: it is shown to no other."""
    return _tokens(file).get(url)


def _tokens(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_mode & 0o077:
            raise BadInput(f"others could read the tokens in {file}: chmod 600 {file}, or delete it and log in again")
        return cast(dict[str, str], json.loads(file.read_text()))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise BadInput(f"{file} holds no tokens; delete it and log in again") from None
