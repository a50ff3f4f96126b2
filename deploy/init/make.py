"""Makes what a rendered deployment needs and no version control may hold. What is there is kept."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from deploy.init import accounts, ssh, sss, tls
from deploy.init.files import Owner, put, random_text
from deploy.nginx.render import Site
from deploy.nginx.render import render as render_nginx
from deploy.render.layers import merge
from deploy.render.model import Deployment
from deploy.render.places import DATA, HOMES, HTTP, HTTPS, MANAGER, MERGED, NGINX, NGINX_STATE, NUMBERS, secret
from deploy.render.yaml_layer import read_layer
from ink_core.apps.entry import KEY_FILE
from ink_core.errors import NotFound
from ink_core.key_file import secret_key

READABLE = 0o644
SITE_FILES = Path("/run/site")
"""Where files of the host appear in the init container, each under its own path."""


@dataclass(frozen=True)
class Machine:
    """What init finds around the deployment; tests give folders and their own user."""

    owner_of: Callable[[str], Owner]
    data: Path = Path(DATA)
    homes: Path = Path(HOMES)
    nginx: Path = Path(NGINX)
    site_files: Path = SITE_FILES


def deployment_in(folder: Path) -> Deployment:
    """Raises `BadDeployment`."""
    return merge([read_layer(folder / MERGED)]).deployment


def this_container() -> Machine:
    def owner_of(user: str) -> Owner:
        entry = pwd.getpwnam(user)
        return Owner(entry.pw_uid, entry.pw_gid)

    return Machine(owner_of)


ROTATABLE = ("tls", "authority", "database", "pool", "ssh_ca", "sss")


class Init:
    """`folder` is the rendered deployment; `now` has a time zone."""

    def __init__(self, folder: Path, machine: Machine, now: datetime) -> None:
        self._folder, self._machine, self._now = folder, machine, now
        self._deployment = deployment_in(folder)
        self._made: list[str] = []

    def run(self, rotate: frozenset[str] = frozenset()) -> list[str]:
        """What was made or renewed, in words. Raises `BadDeployment`, `NotFound` for an unknown key, or `OSError`."""
        if unknown := rotate - set(ROTATABLE):
            raise NotFound(f"there is no key {', '.join(sorted(unknown))}; known are {', '.join(ROTATABLE)}")
        self._prepare()
        self._accounts()
        self._database("database" in rotate)
        self._pool("pool" in rotate)
        self._ssh("ssh_ca" in rotate)
        self._sss("sss" in rotate)
        self._tls("tls" in rotate, "authority" in rotate)
        self._site_secrets()
        self._nginx()
        self._give_folders()
        return self._made

    def _prepare(self) -> None:
        ink = self._machine.owner_of("ink")
        os.chown(self._machine.data, ink.uid, ink.gid)
        self._machine.data.chmod(0o700)

    def _accounts(self) -> None:
        wanted, folder = self._deployment.accounts, self._folder / "accounts"
        added = accounts.ensure_accounts(folder, self._machine.homes, wanted.names, wanted.first_uid, accounts.home)
        self._made += [f"account {name}" for name in added]

    def _database(self, rotate: bool) -> None:
        """The manager's copy and the server's; a new one counts when the server has been told it (`ALTER ROLE`)."""
        if self._deployment.database != "postgresql":
            return
        ours, theirs = self._secret("manager", "database"), self._secret("db", "database")
        if rotate or not ours.exists() or not theirs.exists():
            password = random_text()
            put(theirs, password, self._machine.owner_of("postgres"))
            put(ours, password, self._machine.owner_of("ink"))
            self._made.append("password of the database")

    def _pool(self, rotate: bool) -> None:
        file = self._secret("condor", "pool")
        if self._deployment.scheduler.kind == "htcondor" and (rotate or not file.exists()):
            put(file, random_text())
            self._made.append("key of the HTCondor pool")

    def _ssh(self, rotate: bool) -> None:
        file = self._secret("manager", "ssh_ca")
        if self._deployment.keys.ssh_certificates and (rotate or not file.exists()):
            private, public = ssh.key_pair(f"authority of {self._deployment.site.name}")
            put(self._folder / "secrets" / "ssh_ca.pub", public, mode=READABLE)
            put(file, private, self._machine.owner_of("ink"))
            self._made.append("SSH certificate authority")

    def _sss(self, rotate: bool) -> None:
        for key in self._deployment.keys.sss:
            file = self._secret("xrootd", f"{key.name}.keytab")
            if rotate or not file.exists():
                put(file, sss.keytab(key, int(self._now.timestamp())), self._machine.owner_of("ink"))
                self._made.append(f"SSS keytab {key.name}")

    def _tls(self, rotate: bool, rotate_authority: bool) -> None:
        wanted, owner = self._deployment.tls, self._machine.owner_of("www-data")
        certificate, key = self._secret("nginx", "tls.crt"), self._secret("nginx", "tls.key")
        if wanted.kind == "files":
            assert wanted.certificate and wanted.key  # by the model
            put(key, self._from_site(wanted.key), owner)
            put(certificate, self._from_site(wanted.certificate), owner)
            return
        hosts = (self._deployment.site.host, self._deployment.site.apps_host)
        issuer, renewed = self._authority(hosts, rotate_authority)
        usable = certificate.exists() and key.exists() and tls.serves(certificate.read_bytes(), hosts, self._now)
        if rotate or renewed or not usable:
            made = tls.server(issuer, hosts, timedelta(days=wanted.days), self._now)
            put(key, made.key, owner)
            put(certificate, made.certificate, owner)
            self._made.append("TLS certificate")

    def _authority(self, hosts: tuple[str, str], rotate: bool) -> tuple[tls.Pair, bool]:
        """Root's alone; its certificate is what browsers are given. Other host names need another one."""
        certificate, key = self._folder / "secrets" / "authority.crt", self._folder / "secrets" / "authority.key"
        if (
            not rotate
            and certificate.exists()
            and key.exists()
            and tls.may_sign(certificate.read_bytes(), hosts, self._now)
        ):
            return tls.Pair(certificate.read_bytes(), key.read_bytes()), False
        made = tls.authority(self._deployment.site.name, hosts, self._now)
        put(key, made.key)
        put(certificate, made.certificate, mode=READABLE)
        self._made.append("TLS authority")
        return made, True

    def _site_secrets(self) -> None:
        for name, path in self._deployment.secret_files.items():
            put(self._secret("manager", name), self._from_site(path), self._machine.owner_of("ink"))

    def _nginx(self) -> None:
        """nginx and the manager know each other by a key that the manager keeps with its data."""
        key_file = self._machine.data / KEY_FILE
        key = secret_key(key_file)
        put(key_file, key, self._machine.owner_of("ink"))
        render_nginx(self._site(), key, self._machine.nginx)

    def _give_folders(self) -> None:
        owner_of = self._machine.owner_of
        _give(self._machine.nginx, owner_of("www-data"))
        _give(self._folder / secret("db"), owner_of("postgres"))
        _give(self._folder / secret("manager"), owner_of("ink"))

    def _site(self) -> Site:
        deployment = self._deployment
        return Site(
            portal_listen=f"0.0.0.0:{HTTPS}",
            apps_listen=f"0.0.0.0:{HTTPS}",
            manager=f"{deployment.address(NUMBERS['manager'])}:{MANAGER}",
            portal_url=deployment.portal_url,
            apps_url=deployment.apps_url,
            state_dir=NGINX_STATE,
            certificate=f"{NGINX}/tls.crt",
            certificate_key=f"{NGINX}/tls.key",
            plain_listen=f"0.0.0.0:{HTTP}" if deployment.network.http_port else None,
        )

    def _secret(self, folder: str, name: str) -> Path:
        return self._folder / secret(folder) / name

    def _from_site(self, path: str) -> bytes:
        return (self._machine.site_files / path.lstrip("/")).read_bytes()


def _give(folder: Path, owner: Owner) -> None:
    """The folder and what is in it to the one service that mounts it."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.uid, owner.gid)
        path.chmod(0o700 if path.is_dir() else 0o600)
