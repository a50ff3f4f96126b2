"""Figures of jobs for a terminal: amounts in words, and lines of braille dots. Pure."""

from __future__ import annotations

from collections.abc import Sequence

BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Of one character: four rows from the top, two columns (Unicode 15, block Braille Patterns)."""
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def amount(size: float) -> str:
    """Bytes in powers of 1000, to three digits."""
    for unit in _UNITS[:-1]:
        if abs(size) < 999.5:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} {_UNITS[-1]}"


def span(seconds: float) -> str:
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def told(value: float, unit: str) -> str:
    if unit.startswith("bytes"):
        return amount(value) + ("/s" if unit.endswith("/s") else "")
    return f"{value:.3g} {'%' if unit.startswith('percent') else unit}".rstrip()


def line_plot(values: Sequence[float | None], height: int) -> list[str]:
    """`height` lines of dots over `len(values) / 2` characters, from 0 to the largest value."""
    largest = max((value for value in values if value is not None), default=0.0) or 1.0
    rows = height * 4
    cells = [[0] * ((len(values) + 1) // 2) for _ in range(height)]
    before: int | None = None
    for column, value in enumerate(values):
        row = None if value is None else min(rows - 1, max(0, round((1 - value / largest) * (rows - 1))))
        for each in _between(before, row):
            cells[each // 4][column // 2] |= _DOTS[each % 4][column % 2]
        before = row
    return ["".join(chr(BRAILLE + cell) for cell in line) for line in cells]


def _between(before: int | None, row: int | None) -> range:
    """The dots of one column: a step is drawn as a line up or down."""
    if row is None:
        return range(0)
    if before is None or before == row:
        return range(row, row + 1)
    return range(row, before) if row < before else range(before + 1, row + 1)


def spread(points: Sequence[tuple[float, float]], start: float, end: float, columns: int) -> list[float | None]:
    """Means by column of (time, value) between two times."""
    sums: list[list[float]] = [[] for _ in range(columns)]
    for time, value in points:
        place = int((time - start) / (end - start) * columns) if end > start else 0
        if 0 <= place < columns:
            sums[place].append(value)
    return [sum(values) / len(values) if values else None for values in sums]
