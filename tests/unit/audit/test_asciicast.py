"""What a terminal printed as asciicast v2: times, sizes, broken characters, and no secrets however they come."""

from __future__ import annotations

import json
from typing import Any

from audit.asciicast import MOST_HELD, Cast

TOKEN = "ink_" + "Zq3" * 12


def lines(*pieces: tuple[float, bytes]) -> list[Any]:
    cast = Cast(1000.0, "alice w t")
    said = [line for at, data in pieces for line in cast.output(data, 1000 + at)]
    return [json.loads(line) for line in [*said, *cast.end()]]


def test_the_header_names_the_version_the_time_and_whose_terminal_it_is() -> None:
    header = json.loads(Cast(1000.9, "alice w t").header)
    assert header == {"version": 2, "width": 80, "height": 24, "timestamp": 1000, "title": "alice w t"}


def test_each_line_has_the_time_at_which_it_began_and_the_rest_comes_at_the_end() -> None:
    assert lines((0.5, b"one\r\ntw"), (0.75, b"o\r\n$ ")) == [
        [0.5, "o", "one\r\n"],
        [0.5, "o", "two\r\n"],
        [0.75, "o", "$ "],
    ]


def test_what_has_stood_for_a_while_is_not_held_back() -> None:
    assert lines((0, b"$ "), (9, b"ls\r\n")) == [[0.0, "o", "$ "], [9.0, "o", "ls\r\n"]]


def test_a_line_without_end_is_let_go_in_pieces() -> None:
    shown = lines((0, b"x" * (MOST_HELD + 1)), (0, b"y"))
    assert [len(data) for _, _, data in shown] == [MOST_HELD + 1, 1]


def test_a_character_that_comes_in_two_pieces_is_whole_and_a_broken_one_is_replaced() -> None:
    euro = "€".encode()
    assert lines((0, euro[:1]), (0, euro[1:] + b"\xff\n")) == [[0.0, "o", "€\ufffd\n"]]


def test_a_secret_that_comes_letter_by_letter_is_not_kept() -> None:
    typed = f"export API_TOKEN={TOKEN}\r\n".encode()
    shown = lines(*((0.1 * n, typed[n : n + 1]) for n in range(len(typed))))
    assert TOKEN not in json.dumps(shown) and "[redacted" in json.dumps(shown)


def test_sizes_and_markers_stand_where_they_came() -> None:
    cast = Cast(0, "t")
    said = [*cast.output(b"$ ", 1), *cast.resized(100, 30, 2), *cast.marked("5 bytes are missing", 3)]
    assert [json.loads(line) for line in said] == [
        [1.0, "o", "$ "],
        [2.0, "r", "100x30"],
        [3.0, "m", "5 bytes are missing"],
    ]
