"""Names against shell-style patterns (`*`, `?`, `[...]`), compiled once. `*` also stands for `/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import translate


def among(patterns: Sequence[str]) -> Callable[[str | None], bool]:
    """Whether a name fits one of the patterns; a missing one never does."""
    exact = frozenset(pattern for pattern in patterns if not set(pattern) & set("*?["))
    wild = tuple(re.compile(translate(pattern)).match for pattern in patterns if pattern not in exact)
    if not wild:
        return exact.__contains__
    return lambda name: name is not None and (name in exact or any(fits(name) for fits in wild))
