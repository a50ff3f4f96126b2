"""What an approver is shown of names and texts that others chose: all of it, and nothing that pretends."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.readable import lines, one_line
from mcp_tools.spec import Binding, Preview


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("run 1/数据.root", "run 1/数据.root"),
        ("a\nundo: nothing happens", "a\\nundo: nothing happens"),
        ("invoice\u202etxt.exe", "invoice\\u{202e}txt.exe"),
        ("\x1b[2Jclean", "\\x1b[2Jclean"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("raw\uef80byte", "raw\\x80byte"),
    ],
)
def test_what_cannot_be_seen_in_a_name_is_spelled_out(name: str, shown: str) -> None:
    assert one_line(name) == shown


@given(st.text())
def test_nothing_that_is_shown_is_a_control_or_a_direction(text: str) -> None:
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not unseen & set(map(unicodedata.category, one_line(text)))
    assert not unseen & set(map(unicodedata.category, lines(text).replace("\n", "").replace("\t", "")))


def test_a_preview_and_a_binding_are_readable_whoever_wrote_the_names() -> None:
    hostile = "a\u202e\nb"
    preview = Preview(summary=f"Remove {hostile}", targets=(hostile,), details=(hostile,), undo=hostile)
    binding = Binding(unbound=(hostile,), diff=f"-x\n+{hostile}\t\u2066")
    assert preview.summary == "Remove a\\u{202e}\\nb"
    assert preview.targets == (hostile,), "the very name"
    assert preview.details == binding.unbound == ("a\\u{202e}\\nb",)
    assert binding.diff == "-x\n+a\\u{202e}\nb\t\\u{2066}"
