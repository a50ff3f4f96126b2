"""`make fuzz`: many requests to every operation, as a user and as an administrator; takes its time."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.acceptance.embedded import running_embedded
from tests.fuzz.running import ADMIN, ADMIN_SCOPES, LONG, SETTINGS, USER, USER_SCOPES, run, token_of


def main() -> int:
    worst = 0
    with tempfile.TemporaryDirectory() as folder, running_embedded(Path(folder), SETTINGS) as embedded:
        for user, scopes in ((USER, USER_SCOPES), (ADMIN, (*USER_SCOPES, *ADMIN_SCOPES))):
            code, said = run(embedded, token_of(embedded, user, scopes), LONG)
            sys.stdout.write(f"as {user}:\n{said}")
            worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main())
