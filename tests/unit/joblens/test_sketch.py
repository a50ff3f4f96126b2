"""Percentiles in bounded memory: how far off they are, and what they do at the edges."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from joblens.store import sketch
from joblens.store.sequences import MAX_RANGES, Ranges, taken
from joblens.store.sketch import ERROR, MAX_BUCKETS, Sketch


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 1.0])
@pytest.mark.parametrize("scale", [1.0, 1e3, 1e12])
def test_a_quantile_is_at_most_one_percent_off(share: float, scale: float) -> None:
    chance = random.Random(7)
    values = [chance.lognormvariate(2, 1) * scale for _ in range(5000)]
    made: Sketch = Counter()
    sketch.add(made, values)
    exact = sorted(values)[max(0, int(share * len(values)) - 1)]
    assert sketch.quantile(made, share) == pytest.approx(exact, rel=ERROR * 1.01)


def test_parts_together_say_what_the_whole_says() -> None:
    values = [float(number) for number in range(1, 1001)]
    whole, left, right = Counter[int](), Counter[int](), Counter[int]()
    sketch.add(whole, values)
    sketch.add(left, values[:300])
    sketch.add(right, values[300:])
    assert sketch.merge([left, right]) == whole


def test_nothing_and_zeros_are_zero() -> None:
    made: Sketch = Counter()
    assert sketch.quantile(made, 0.99) == 0
    sketch.add(made, [0.0] * 99 + [5.0])
    assert sketch.quantile(made, 0.5) == 0 and sketch.quantile(made, 1.0) == pytest.approx(5, rel=ERROR)


def test_it_is_bounded_and_high_quantiles_stay_right() -> None:
    made: Sketch = Counter()
    values = [1.02**number for number in range(2000)]
    for value in values:
        sketch.add(made, [value])
    assert len(made) <= MAX_BUCKETS and made.total() == 2000
    assert sketch.quantile(made, 0.99) == pytest.approx(values[1979], rel=ERROR * 1.01)


def test_numbers_of_batches_count_once_in_whatever_order() -> None:
    chance, ranges = random.Random(3), Ranges()
    numbers = [*range(200), *range(300, 400)] * 2
    chance.shuffle(numbers)
    assert sum(taken(ranges, number) for number in numbers) == 300
    assert ranges == [[0, 199], [300, 399]]


def test_holes_are_bounded_and_the_oldest_count_as_filled() -> None:
    ranges: Ranges = []
    for number in range(0, 4 * MAX_RANGES, 2):
        assert taken(ranges, number)
    assert len(ranges) == MAX_RANGES
    assert not taken(ranges, 1) and taken(ranges, 4 * MAX_RANGES - 3)
