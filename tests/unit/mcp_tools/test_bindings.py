"""What an approver is shown of a write: the change in lines, and the file as it was seen."""

from __future__ import annotations

import hashlib

import pytest

from mcp_tools.bindings import MAX_DIFF_LINES, unified_diff
from tests.unit.mcp_tools.conftest import Centre

pytestmark = pytest.mark.requirement("GATE-PREVIEW-02")


async def test_a_write_is_shown_as_the_change_in_lines_and_bound_to_the_file_it_changes(centre: Centre) -> None:
    (centre.home / "cuts.py").write_text("pt = 20\neta = 2.5\n")
    written = {"path": "cuts.py", "text": "pt = 30\neta = 2.5\n"}
    bound, diff = await centre.bind("write_file", **written), await centre.diff("write_file", **written)
    assert diff is not None and diff.splitlines()[2:] == [
        "@@ -1,2 +1,2 @@",
        "-pt = 20",
        "+pt = 30",
        " eta = 2.5",
    ]
    (seen,) = bound.seen
    assert seen.name.endswith("cuts.py") and seen.digest == hashlib.sha256(b"pt = 20\neta = 2.5\n").hexdigest()


async def test_a_new_file_is_all_new_lines_and_bound_to_not_being_there(centre: Centre) -> None:
    written = {"path": "new.txt", "text": "first\n"}
    bound, diff = await centre.bind("write_file", **written), await centre.diff("write_file", **written)
    assert diff is not None and diff.startswith("--- /dev/null\n") and "+first\n" in diff
    assert [seen.digest for seen in bound.seen] == [None]


def test_a_long_change_is_cut_and_says_so() -> None:
    before = "".join(f"old {n}\n" for n in range(MAX_DIFF_LINES)).encode()
    shown = unified_diff("long", before, before.replace(b"old", b"new"))
    assert shown is not None and shown.endswith("… cut\n") and len(shown.splitlines()) == MAX_DIFF_LINES + 1


def test_what_is_not_text_has_no_lines_to_show() -> None:
    assert unified_diff("picture", b"\x89PNG\xff", b"text") is None
