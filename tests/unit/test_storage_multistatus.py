"""What XRootD answers to a PROPFIND is read as its versions write it, and nothing else."""

from __future__ import annotations

import pytest

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.multistatus import entries_in, entries_of


def answer(*hrefs: str, before: str = "") -> bytes:
    """In the form of XRootD 5."""
    rows = (
        f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>"
        "<lp1:getcontentlength xmlns:lp1='DAV:'>7</lp1:getcontentlength>"
        "</D:prop></D:propstat></D:response>"
        for href in hrefs
    )
    return f"<?xml version='1.0'?>{before}<D:multistatus xmlns:D='DAV:'>{''.join(rows)}</D:multistatus>".encode()


def paths(*hrefs: str) -> list[str]:
    return [entry.path for entry in entries_of(answer(*hrefs))]


def test_paths_are_read_percent_encoded_or_as_they_are() -> None:
    assert paths("/data/a%20b", "/data/x") == ["/data/a b", "/data/x"]
    assert paths("https://other:1094/data/a%20b/") == ["/data/a b"]
    assert paths("/data/a b", "/data/x%20y", "/data/50%") == ["/data/a b", "/data/x%20y", "/data/50%"]


@pytest.mark.parametrize(
    ("directory", "hrefs"),
    [("/", ("/", "/a/", "/b", "/a/deep")), ("/data", ("/data/", "/data/a", "/data/b", "/data", "/database"))],
)
def test_a_directory_holds_what_is_directly_in_it_and_not_itself(directory: str, hrefs: tuple[str, ...]) -> None:
    held = entries_in(directory, entries_of(answer(*hrefs)))
    assert [entry.name for entry in held] == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        "<D:multistatus xmlns:D='DAV:'/>".encode("utf-16"),
        answer("/x", before="<!DOCTYPE x [<!ENTITY e 'e'>]>"),
        answer("/%ff"),
    ],
)
def test_what_is_no_such_answer_is_refused(body: bytes) -> None:
    with pytest.raises(FileFault) as refused:
        entries_of(body)
    assert refused.value.code == "storage_refused"
