"""The one table from our errors to INK's status words.

A route says what its own failure is called; what is wrong with the credential or the path has a word of its own. INK
names the words by area only (`F04`–`F11` "other file errors"), so which route has which is said here and in the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """INK's status words. Areas: A account, M monitoring, S service, F files, R compute, P parameters."""

    OK = "200"
    FAILED = "500"
    PARAMETER = "P00"
    TOKEN_EXPIRED = "A01"  # noqa: S105 - a word, not a secret
    TOKEN_INVALID = "A02"  # noqa: S105
    CREATE_USER = "A03"
    CREATE_TOKEN = "A04"  # noqa: S105
    PERMISSIONS = "A05"
    GET_USER = "A06"
    USER_INVALID = "A07"
    ADDRESS_BANNED = "A08"
    MONITOR_URL = "M01"
    MONITOR_JOB = "M02"
    ROOT_FILE = "S01"
    MAKE_DIRECTORY = "F02"
    BAD_PATH = "F03"
    LIST = "F04"
    VIEW = "F05"
    DOWNLOAD = "F06"
    UPLOAD = "F07"
    CREATE_FILE = "F08"
    DELETE = "F09"
    CHMOD = "F10"
    RENAME = "F11"
    SUBMIT = "R01"
    QUERY = "R02"
    OUTPUT = "R03"
    REMOVE = "R04"
    CONNECT = "R05"
    ASSOCIATIONS = "R06"


_OF_CREDENTIALS: Mapping[str, Status] = {
    "token_expired": Status.TOKEN_EXPIRED,
    "token_invalid": Status.TOKEN_INVALID,
    "unauthenticated": Status.TOKEN_INVALID,
    "account_locked": Status.USER_INVALID,
    "wrong_password": Status.USER_INVALID,
}
_PATHS = ("not_found", "path_outside_workspace", "not_a_directory", "is_a_directory", "too_many_links")
_OF_AREA: Mapping[str, Mapping[str, Status]] = {
    "A": {"throttled": Status.ADDRESS_BANNED},
    "F": dict.fromkeys(_PATHS, Status.BAD_PATH),
}


def status_of(code: str, failing: Status) -> Status:
    """INK's word for an error of ours with this stable code, on a route whose own failure is called `failing`."""
    in_area = _OF_AREA.get(failing[0], {})
    return _OF_CREDENTIALS.get(code) or in_area.get(code) or failing
