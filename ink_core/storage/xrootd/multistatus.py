"""What a `PROPFIND` answers (RFC 4918, `multistatus`), as XRootD writes it. Pure.

XRootD 5.5 writes paths as they are where the standard wants them percent-encoded, which shows where one of them holds
a character that could not stand there. Limits: where none does, what looks percent-encoded is taken for that. No
document type is read, so no entity of it either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import StorageEntry
from worker_agent.protocol import FileKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_ENTRIES = 10_000
_QUOTED = re.compile(r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def entries_of(body: bytes) -> list[StorageEntry]:
    """All that it tells of. Raises `FileFault` for what is no such answer, or one of too many entries."""
    import xml.etree.ElementTree as ET  # only where a storage is used: an agent is small

    try:
        text = body.decode()
        if "<!DOCTYPE" in text:
            raise _unreadable()
        found = list(_entries(ET.fromstring(text)))  # noqa: S314 - without a document type
    except (UnicodeDecodeError, ET.ParseError, ValueError, TypeError) as error:
        raise _unreadable() from error
    if len(found) > MOST_ENTRIES:
        raise FileFault(f"the directory holds more than {MOST_ENTRIES} entries", code="too_large")
    return found


def entries_in(directory: str, entries: Sequence[StorageEntry]) -> list[StorageEntry]:
    """Those directly in it, by their paths; the root is not in itself."""
    inside = (one for one in entries if one.path != directory)
    return [one for one in inside if one.path.rpartition("/")[0] == directory.rstrip("/")]


def _entries(root: Element) -> Iterator[StorageEntry]:
    responses = list(root.iter("{DAV:}response"))
    hrefs = [response.findtext("{DAV:}href", "") for response in responses]
    as_standard = all(map(_QUOTED.fullmatch, hrefs))
    for response, href in zip(responses, hrefs, strict=True):
        path = (unquote(urlsplit(href).path, errors="strict") if as_standard else href).rstrip("/") or "/"
        folder = response.find(".//{DAV:}collection") is not None
        modified = response.findtext(".//{DAV:}getlastmodified", "")
        yield StorageEntry(
            name=path.rpartition("/")[2] or "/",
            path=path,
            kind=FileKind.DIRECTORY if folder else FileKind.FILE,
            size=0 if folder else int(response.findtext(".//{DAV:}getcontentlength", "0")),
            modified=parsedate_to_datetime(modified).timestamp() if modified else 0.0,
        )


def _unreadable() -> FileFault:
    return FileFault("the storage gave an answer that cannot be read", code="storage_refused")
