"""`python -m audit.verify FILE`, or `python -m verify FILE` where this folder was copied to."""

import sys

from .command import main

sys.exit(main())
