"""What the manager says beside its answer is held to bounds on the node."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from joblens.collector.delivery.manager_link import MOST_TOGETHER, ManagerLink
from joblens.collector.delivery.spool import Sealed
from joblens.store.wire import TOGETHER_HEADER

BATCHES = [Sealed(1, b"one")]


class Manager(HTTPServer):
    """Takes all, and says `told` of how many are to come together."""

    told = ""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Manager)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        if self.server.told:
            self.send_header(TOGETHER_HEADER, self.server.told)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def manager() -> Iterator[Manager]:
    with Manager(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("told", "together"), [("", 1), ("3", 3), ("0", 1), ("-2", 1), ("many", 1), ("99", MOST_TOGETHER), ("9" * 99, 1)]
)
def test_how_many_batches_go_together_is_what_the_manager_says_within_bounds(
    manager: Manager, tmp_path: Path, told: str, together: int
) -> None:
    (tmp_path / "token").write_text("ink_t_1")
    manager.told = told
    link = ManagerLink(f"http://127.0.0.1:{manager.server_address[1]}", tmp_path / "token")
    link.write(BATCHES)
    link.close()
    assert link.together == together
