"""`make opensearch-up` and `make opensearch-down`: one server that stays, for trying JobLens by hand.

`fetch` only fetches the jars; `sums` prints what `jars.sha256` has to be after a change of `pom.xml`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from bench.opensearch.jars import HERE, fetched, folder, sums
from bench.opensearch.server import Opensearch, why_no_opensearch

PLACE = HERE.parents[1] / ".stamps/opensearch-up"
"""Links to the directory of the server that is up."""


def main() -> None:
    match sys.argv[1:]:
        case ["up"]:
            up()
        case ["down"]:
            down()
        case ["fetch"]:
            fetched()
        case ["sums"]:
            sys.stdout.write(sums(folder().with_suffix(".new")))
        case _:
            sys.exit("ink: python -m bench.opensearch up | down | fetch | sums")


def up() -> None:
    if PLACE.exists():
        print(f"OpenSearch is up: {Opensearch(PLACE).url}")
        return
    jars = fetched()
    if reason := why_no_opensearch():
        sys.exit(f"ink: OpenSearch cannot be started: {reason}")
    home = Path(tempfile.mkdtemp(prefix="ink-opensearch-"))
    server = Opensearch(home, detached=True)
    server.lay_out(jars)
    server.start()
    (home / "pid").write_text(str(server.pid))
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.unlink(missing_ok=True)
    PLACE.symlink_to(home)
    print(f"OpenSearch is up: {server.url} (make opensearch-down ends it and removes what it holds)")


def down() -> None:
    if not PLACE.exists():
        print("OpenSearch is not up")
        return
    home = PLACE.resolve()
    pid = int((home / "pid").read_text())
    if _is_server(pid):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(home, ignore_errors=True)
    PLACE.unlink()
    print("OpenSearch is down")


def _is_server(pid: int) -> bool:
    try:
        return b"org.opensearch.bootstrap.OpenSearch" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    main()
