#!/usr/bin/env python3
"""`ink deploy render` by its older name: render_profile.py --profile P --answers-file F --output-dir D."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from manager.__main__ import main

if __name__ == "__main__":
    sys.argv[1:1] = ["deploy", "render"]
    main()
