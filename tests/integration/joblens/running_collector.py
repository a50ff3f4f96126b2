"""A collector as a process of its own, what it has written, and jobs that only it sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joblens.collector.remembered import MemoryFile
from joblens.collector.self_metrics import resident_bytes
from joblens.records import Batch, JobSample, Mark
from joblens.store.wire import decode, split
from tests.acceptance.waiting import until

ROOT = Path(__file__).parents[3]


class TakingManager:
    """What a manager does for collectors, on a port of its own: takes batches, tells captures. `away` answers 503."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.captures: list[dict[str, Any]] = []
        self.tokens: set[str | None] = set()
        self.away = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def take(self, body: bytes) -> None:
        known = {batch.sequence for batch in self.batches}
        self.batches += [batch for batch in map(decode, split(body)) if batch.sequence not in known]

    def samples(self, job: str) -> list[JobSample]:
        return [sample for batch in self.batches for sample in batch.samples if sample.key.job == job]

    def final_jobs(self) -> set[str]:
        return {sample.key.job for batch in list(self.batches) for sample in batch.samples if sample.final}

    def marks(self, job: str) -> list[Mark]:
        return [mark for batch in self.batches for mark in batch.marks if mark.key.job == job]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(manager: TakingManager) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not manager.away:
                manager.take(body)
            self._answer({})

        def do_GET(self) -> None:
            self._answer(manager.captures)

        def _answer(self, document: object) -> None:
            manager.tokens.add(self.headers["Authorization"])
            text = json.dumps({"detail": "away"} if manager.away else document).encode()
            self.send_response(503 if manager.away else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


class RunningCollector:
    """`settings` are those of its file, beside those that every test needs."""

    def __init__(
        self,
        folder: Path,
        url: str,
        become: tuple[str, ...] = (),
        token: str = "node-token",
        **settings: object,
    ) -> None:
        self.folder = folder
        self._become = become
        (folder / "token").write_text(f"{token}\n")
        settings = {
            "host": "node1",
            "state_dir": str(folder / "state"),
            "manager_url": url,
            "token_file": str(folder / "token"),
            "metrics_file": str(folder / "joblens.prom"),
            "interval_s": 0.2,
            "files_interval_s": 0.2,
            "linger_s": 0.0,
            "unprivileged_starters": True,
        } | settings
        (folder / "joblens.toml").write_text("".join(f"{name} = {_toml(value)}\n" for name, value in settings.items()))
        (folder / "joblens.toml").chmod(0o600)
        self.process = self._start()

    def restart(self) -> None:
        self.process = self._start()

    def kill(self) -> None:
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def said(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def _starts(self) -> int:
        return self.said().count("collecting on")

    def resident_bytes(self) -> int:
        return resident_bytes(self.process.pid)

    def metric(self, name: str) -> float | None:
        """The value of a figure in its file of metrics."""
        path = self.folder / "joblens.prom"
        for line in path.read_text().splitlines() if path.exists() else ():
            if line.startswith(f"ink_joblens_collector_{name} "):
                return float(line.split()[-1])
        return None

    def remembers(self, job: str) -> bool:
        """Whether it has written the job down for the next run."""
        jobs = MemoryFile(self.folder / "state/jobs.jlb").load().jobs
        return any(known.info.key.job == job for known in jobs)

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [
            *self._become,
            sys.executable,
            "-m",
            "joblens",
            "collect",
            "--config",
            str(self.folder / "joblens.toml"),
        ]
        before = self._starts()
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until("it collects", lambda: self._starts() > before or process.poll() is not None, timeout_s=120)
        assert process.poll() is None, self.said()
        return process

    def _ended(self) -> int:
        return self.process.wait(60)


@contextmanager
def running_collector(
    folder: Path, url: str, become: tuple[str, ...] = (), token: str = "node-token", **settings: object
) -> Iterator[RunningCollector]:
    """`become` is the beginning of its command line, for a process with other rights."""
    collector = RunningCollector(folder, url, become, token, **settings)
    try:
        yield collector
    finally:
        if collector.process.poll() is None:
            collector.stop()


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)
