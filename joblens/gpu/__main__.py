"""The process that holds the drivers' libraries: one JSON line of all cards for each line that comes in."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from joblens.errors import GpuRefused
from joblens.gpu.cards import Cards


def main() -> int:
    try:
        cards = Cards()
    except GpuRefused as error:
        print(error, file=sys.stderr)
        return 1
    for _ in sys.stdin:
        print(json.dumps([asdict(reading) for reading in cards.read()]), flush=True)
    cards.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
