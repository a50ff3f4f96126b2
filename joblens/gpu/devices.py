"""Where the drivers of GPUs show themselves: a look at the file system, so that a host without them pays nothing."""

from __future__ import annotations

from pathlib import Path

NVIDIA = Path("/dev/nvidiactl")
AMD = Path("/dev/kfd")


def driver_present() -> bool:
    """Whether the host has the driver of any vendor."""
    return NVIDIA.exists() or AMD.exists()
