"""`app_login.info` of existing app scripts: where the app is and what it asks for, written by the job of a user.

Accepted are a JSON object and lines `NAME=VALUE` or `NAME: VALUE`, with `HOST`, `PORT` and one of `TOKEN` and `PASSWD`.
What it says is the user's word alone: the host must be the node that the scheduler tells.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, cast

from pydantic import Field, ValidationError

from ink_core.compute.model import Value
from ink_core.errors import BadInput

LOGIN_FILE = "app_login.info"
MAX_BYTES = 4096
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z]+)\s*[=:]\s*(.*?)\s*,?\s*")
_PRINTABLE = r"^[\x21-\x7e]{1,512}$"


class AppLoginInvalid(BadInput):
    code = "bad_app_login"


class AppLogin(Value):
    host: str = Field(alias="HOST", max_length=255, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
    port: int = Field(alias="PORT", ge=1024, le=65535)
    token: str | None = Field(default=None, alias="TOKEN", pattern=_PRINTABLE, repr=False)
    passwd: str | None = Field(default=None, alias="PASSWD", pattern=_PRINTABLE, repr=False)

    @property
    def authorization(self) -> str | None:
        """As Jupyter's `Authorization: token` has it; a password is not for a header."""
        return f"token {self.token}" if self.token else None


def parse(content: bytes) -> AppLogin:
    """Raises `AppLoginInvalid`, without repeating what is in the file."""
    if len(content) > MAX_BYTES:
        raise AppLoginInvalid(f"{LOGIN_FILE} is longer than {MAX_BYTES} bytes")
    try:
        said = _fields(content.decode())
        login = AppLogin.model_validate(
            {name: said[name] for name in ("HOST", "PORT", "TOKEN", "PASSWD") if name in said}
        )
    except UnicodeDecodeError:
        raise AppLoginInvalid(f"{LOGIN_FILE} is no text") from None
    except ValidationError as error:
        wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors(include_input=False)}))
        raise AppLoginInvalid(f"{LOGIN_FILE} has no usable {wrong}") from None
    if (login.token is None) == (login.passwd is None):
        raise AppLoginInvalid(f"{LOGIN_FILE} must name one of TOKEN and PASSWD")
    return login


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fields(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
        return cast("dict[str, Any]", read) if isinstance(read, dict) else {}
    except ValueError:
        found = (_LINE.fullmatch(line) for line in text.splitlines())
        return {line[1].upper(): line[2].strip("\"'") for line in found if line}
