"""The real nginx with the project's own configuration, on free ports of this machine, with TLS or without."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bench.running_manager import bound, free_ports
from deploy.nginx.render import Site, render
from tests.certificates import Certificate

PATIENCE_S = 60


def why_no_nginx() -> str | None:
    """The reason why there is no nginx to test, or None."""
    return None if _program() else "nginx is missing (scripts/install-test-tools.sh)"


def _program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True)
class Addresses:
    """The two ports that nginx is to listen on. `portal_elsewhere` is where browsers reach the portal without it."""

    portal: int
    apps: int
    portal_elsewhere: str | None = None
    plain: int | None = None
    """Where nginx listens without TLS beside it; given, the others speak TLS."""

    @property
    def portal_url(self) -> str:
        return self.portal_elsewhere or f"{self._scheme}://localhost:{self.portal}"

    @property
    def apps_url(self) -> str:
        return f"{self._scheme}://localhost:{self.apps}"

    @property
    def _scheme(self) -> str:
        return "https" if self.plain else "http"


def free_addresses(*, tls: bool = False) -> Addresses:
    ports = free_ports()
    return Addresses(next(ports), next(ports), plain=next(ports) if tls else None)


@contextmanager
def running_nginx(
    folder: Path, addresses: Addresses, manager: str, key: bytes, certificate: Certificate | None = None
) -> Iterator[None]:
    """Before the manager at ADDRESS:PORT or unix:/PATH, whose key (`proxy.key`) is given."""
    state = folder / "nginx"
    state.mkdir()
    site = Site(
        portal_listen=f"127.0.0.1:{addresses.portal}",
        apps_listen=f"127.0.0.1:{addresses.apps}",
        manager=manager,
        portal_url=addresses.portal_url,
        apps_url=addresses.apps_url,
        state_dir=str(state),
        user="root" if os.geteuid() == 0 else None,
        certificate=str(certificate.chain) if certificate else None,
        certificate_key=str(certificate.key) if certificate else None,
        plain_listen=f"127.0.0.1:{addresses.plain}" if addresses.plain else None,
    )
    render(site, key, folder / "conf")
    argv = [_program() or "nginx", "-c", str(folder / "conf" / "nginx.conf"), "-g", "daemon off;"]
    with (folder / "nginx.log").open("wb") as log:
        nginx = subprocess.Popen(argv, stderr=log)
    try:
        _until_listening(addresses.apps, nginx)
        yield
    finally:
        nginx.terminate()
        nginx.wait(PATIENCE_S)


def _until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE_S * 10):
        assert process.poll() is None, "nginx has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        Event().wait(0.1)
    raise AssertionError(f"nothing listens on {port}")


@contextmanager
def held_port() -> Iterator[int]:
    """One that nobody else is given meanwhile: bound, and not listened on, so that nginx may (SO_REUSEADDR)."""
    for port in free_ports():
        with socket.socket() as held:
            if bound(held, port):
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                yield port
                return
