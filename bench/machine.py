"""What a figure was measured on."""

from __future__ import annotations

import os
import platform


def machine() -> dict[str, int | str | None]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}
