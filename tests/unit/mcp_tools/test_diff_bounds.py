"""The change that an approver is shown: comparing it costs no more than a bounded time."""

from __future__ import annotations

import pytest

from mcp_tools.bindings import MAX_COMPARED_LINES, TOO_LONG, unified_diff

MANY = "".join(f"{number}\n" for number in range(MAX_COMPARED_LINES + 1)).encode()


@pytest.mark.parametrize(("before", "after"), [(MANY, b"short\n"), (b"short\n", MANY), (None, MANY)])
def test_of_more_lines_than_are_compared_there_is_only_a_note(before: bytes | None, after: bytes) -> None:
    assert unified_diff("f", before, after) == TOO_LONG


def test_as_many_lines_as_are_compared_are_shown_as_a_change() -> None:
    whole = MANY.removesuffix(f"{MAX_COMPARED_LINES}\n".encode())
    assert unified_diff("f", whole, whole.replace(b"500\n", b"half\n")) == (
        "--- f\n+++ f\n@@ -499,5 +499,5 @@\n 498\n 499\n-500\n+half\n 501\n 502\n"
    )
