"""A Kerberos realm of a test's own: a KDC on a free port with some people and a service. MIT Kerberos of Debian."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.running_manager import free_port

PASSWORD = "correct horse"
REALM = "INK.TEST"
SERVICE = "HTTP/127.0.0.1"
START_S = 60.0
PROGRAMS = {name: shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") for name in
            ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")}  # fmt: skip


def why_no_kerberos() -> str | None:
    """The reason why a realm cannot run here, or None."""
    if missing := [name for name, found in PROGRAMS.items() if found is None]:
        return f"missing for Kerberos: {', '.join(missing)} (scripts/install-test-tools.sh)"
    return None if importlib.util.find_spec("gssapi") else "gssapi is not installed (scripts/install-test-tools.sh)"


@dataclass(frozen=True)
class Realm:
    """`environment` is what every program and library of this realm needs to find it."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def keytab(self) -> Path:
        return self.folder / "service.keytab"

    def kinit(self, principal: str, *options: str) -> None:
        """Gets a ticket into the realm's own cache, in place of the one that was there."""
        self.run("kinit", *options, principal, given=f"{PASSWORD}\n")

    def run(self, program: str, *arguments: str, given: str = "") -> None:
        command = [str(PROGRAMS[program]), *arguments]
        done = subprocess.run(
            command, env={**os.environ, **self.environment}, input=given, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"


@contextmanager
def running_realm(folder: Path) -> Iterator[Realm]:
    port = free_port()
    (folder / "krb5.conf").write_text(_client(port))
    (folder / "kdc.conf").write_text(_kdc(folder, port))
    realm = Realm(
        folder,
        {
            "KRB5_CONFIG": str(folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{folder}/cache",
            "KRB5RCACHENAME": f"file2:{folder}/replays",
        },
    )
    realm.run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
    for principal in ("alice", "alice/admin", "Mallory"):
        realm.run("kadmin.local", "-r", REALM, "addprinc", "-pw", PASSWORD, principal)
    realm.run("kadmin.local", "-r", REALM, "addprinc", "-randkey", SERVICE)
    realm.run("kadmin.local", "-r", REALM, "ktadd", "-k", str(realm.keytab), SERVICE)
    command = [str(PROGRAMS["krb5kdc"]), "-n", "-r", REALM]
    with subprocess.Popen(command, env={**os.environ, **realm.environment}, stderr=subprocess.DEVNULL) as kdc:
        try:
            _wait(port, kdc)
            yield realm
        finally:
            kdc.kill()


def _wait(port: int, kdc: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and kdc.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the KDC did not start")


def _client(port: int) -> str:
    return f"""[libdefaults]
default_realm = {REALM}
dns_lookup_realm = false
dns_lookup_kdc = false
rdns = false
dns_canonicalize_hostname = false
udp_preference_limit = 1
[realms]
{REALM} = {{
    kdc = 127.0.0.1:{port}
}}
"""


def _kdc(folder: Path, port: int) -> str:
    return f"""[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{REALM} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/acl
}}
[logging]
kdc = FILE:{folder}/kdc.log
"""
