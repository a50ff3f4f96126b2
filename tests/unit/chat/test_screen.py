"""How an answer is shown while it is written, and when it is whole."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from manager.chat.screen import Screen
from manager.chat.told import Said


def screen(*, terminal: bool) -> tuple[Screen, StringIO]:
    shown = StringIO()
    return Screen(Console(file=shown, force_terminal=terminal, width=60, height=8, color_system=None)), shown


def test_an_answer_is_printed_once_when_it_is_whole_where_there_is_no_terminal() -> None:
    on, shown = screen(terminal=False)
    on.piece("You have ", 0)
    on.piece("two jobs.", 9)
    assert shown.getvalue() == ""
    on.show(Said("answer", "You have two jobs."))
    assert shown.getvalue().strip() == "You have two jobs."


def test_on_a_terminal_a_long_answer_ends_whole() -> None:
    on, shown = screen(terminal=True)
    rows = [f"- job {number}" for number in range(30)]
    on.piece("\n".join(rows), 0)
    on.show(Said("answer", "\n".join(rows)))
    last = shown.getvalue().rpartition("job 0\n")[2]
    assert all(f"job {number}" in last for number in range(1, 30))


def test_what_was_written_of_an_answer_stays_when_the_turn_is_stopped() -> None:
    on, shown = screen(terminal=True)
    on.piece("Half an ans", 0)
    on.show(Said("bad", "stopped: by alice"))
    assert shown.getvalue().index("Half an ans") < shown.getvalue().index("stopped: by alice")


def test_a_link_shows_where_it_leads() -> None:
    on, shown = screen(terminal=True)
    on.show(Said("answer", "See [the page](http://elsewhere.example)."))
    assert "http://elsewhere.example" in shown.getvalue()
    assert "\x1b]8" not in shown.getvalue()


def test_nothing_that_is_shown_moves_the_terminal_whoever_made_it_readable_or_not() -> None:
    """Errors of the manager are the words of many."""
    on, shown = screen(terminal=True)
    for tone in ("bad", "answer"):
        on.show(Said(tone, "no \x1b[2J\x1b]0;title\x07 and \u202eback"))
    assert "\x1b[2J" not in shown.getvalue() and "\x1b]0" not in shown.getvalue() and "\u202e" not in shown.getvalue()
    assert shown.getvalue().count("\\x1b[2J") == 2
