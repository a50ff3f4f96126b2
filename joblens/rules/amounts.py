"""Lengths of time and amounts as a rule writes them: `90`, `60s`, `5m`, `1h`, `2d`; `1000`, `64MB`, `2GiB`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_TIMES = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SIZES = {name: 1000.0**power for power, name in enumerate(("", "kB", "MB", "GB", "TB"))} | {
    name: 1024.0**power for power, name in enumerate(("KiB", "MiB", "GiB", "TiB"), start=1)
}


def _read(value: object, units: dict[str, float], example: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"write it as {example}")
    if not isinstance(value, str):
        return float(value)
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?) ?([a-zA-Z]*)", value.strip(), re.ASCII)
    if not found or found[2] not in units:
        raise ValueError(f"write it as {example}")
    return float(found[1]) * units[found[2]]


Seconds = Annotated[float, BeforeValidator(lambda value: _read(value, _TIMES, "60s, 5m, 1h or 2d"))]
Amount = Annotated[float, BeforeValidator(lambda value: _read(value, _TIMES | _SIZES, "1000, 64MB, 2GiB or 10m"))]
