"""Stand-alone verifier of a ledger: `python -m audit.verify FILE`; `python -m verify FILE` beside a copied folder.

Imports nothing of the server: the standard library, and `cryptography` where signatures are to be checked. The files
are opened read-only, may be in use, and are not trusted. Finds flipped bits, edits, dropped, inserted and reordered
events, and cut ends; with the manager's key, anchors and keys of witnesses also a history that was rebuilt, even by
the holder of the signing key, and says up to where that is known. Pairs every attempt with its outcome.
Says so where chains were archived and the archives are not given.

Limits: what was appended after the last checkpoint that is known outside can be rebuilt or cut by whoever can write the
file and holds the key.
"""

from .command import main
from .ledger import verify
from .report import Attempt, Report
from .wal import lost_transactions

__all__ = ["Attempt", "Report", "lost_transactions", "main", "verify"]
