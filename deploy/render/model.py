"""What a deployment may say, each key documented by its own field. Closed: an unknown key is an error.

It holds no secret: only where one lies on the host, in `tls` and `secret_files`.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ink_core.identity.model import USERNAME
from ink_core.settings.section import Section

HostName = Annotated[
    str, Field(max_length=253, pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$")
]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Username = Annotated[str, Field(pattern=f"^{USERNAME.pattern}$")]
HostPath = Annotated[str, Field(pattern=r"^/[^:\s]+$")]


def _private(text: str) -> str:
    network = IPv4Network(text)
    if network.prefixlen > 28 or not network.is_private:
        raise ValueError("a private network with room for 14 addresses is wanted, for instance 10.89.42.0/28")
    return text


class Site(Section):
    name: Word = Field(description="Short name; containers and volumes are called after it.")
    host: HostName = Field(description="Name at which browsers reach the portal.")
    apps_host: HostName = Field(description="Name at which browsers reach interactive apps, never that of the portal.")

    @model_validator(mode="after")
    def _two_hosts(self) -> Self:
        if self.host == self.apps_host:
            raise ValueError("apps_host must be another name than host: apps have an origin of their own")
        return self


class Network(Section):
    subnet: Annotated[str, AfterValidator(_private)] = Field(
        description="Network of the containers among themselves; each deployment on a host has one of its own."
    )
    address: IPv4Address = Field(description="Address of the host on which the portal is offered; 0.0.0.0 is all.")
    https_port: Port = Field(description="Port of the portal and of apps.")
    http_port: Port | None = Field(description="Port that sends browsers on to TLS; null for none.")


class Tls(Section):
    kind: Literal["own", "files"] = Field(
        description="own: the init step makes an authority and a certificate. files: those of the site are taken."
    )
    certificate: HostPath | None = Field(description="With `files`: chain on the host (PEM), for both host names.")
    key: HostPath | None = Field(description="With `files`: its private key on the host (PEM).")
    days: int = Field(ge=1, le=825, description="With `own`: how long a certificate holds; init renews it in time.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "files" and not (self.certificate and self.key):
            raise ValueError("tls.kind is files, which needs tls.certificate and tls.key")
        return self


class Scheduler(Section):
    kind: Literal["htcondor", "external"] = Field(
        description="htcondor: a pool of one node in a container. external: `settings.clusters` names the site's."
    )
    cpus: int | None = Field(ge=1, description="CPUs that the pool offers; null for all of the host.")
    memory_mb: int | None = Field(ge=256, description="Memory that the pool offers; null for what HTCondor finds.")


class Accounts(Section):
    administrators: tuple[Username, ...] = Field(min_length=1, description="Portal accounts that administer.")
    users: tuple[Username, ...] = Field(description="Portal accounts that are made at the start.")
    first_uid: int = Field(ge=10000, le=50000, description="Accounts of the containers' system are numbered from it.")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.administrators, *self.users)))


class SssKey(Section):
    """One key of XRootD's simple shared secret: who holds the keytab is this user."""

    name: Word = Field(description="Name of the key; also that of the keytab's file, NAME.keytab.")
    user: Username = Field(description="User that the key stands for.")
    group: Word = Field(description="Group that the key stands for.")


class Keys(Section):
    ssh_certificates: bool = Field(description="Whether an SSH certificate authority is made and used.")
    sss: tuple[SssKey, ...] = Field(description="Keytabs for XRootD's simple shared secret.")


class Course(Section):
    name: Word = Field(description="Prefix of the accounts, NAME01 and so on.")
    users: int = Field(ge=1, le=500, description="How many accounts `stack course create` makes.")
    days: int = Field(ge=1, le=92, description="How long the course takes: so long its sign-in links wait to be used.")

    def is_of(self, username: str) -> bool:
        """Whether its end would take that account away: `users` may have been another number before."""
        return re.fullmatch(f"{self.name}[0-9]+", username) is not None

    @property
    def names(self) -> tuple[str, ...]:
        """NAME01 to NAMEnn, in two digits or three."""
        digits = max(2, len(str(self.users)))
        return tuple(f"{self.name}{number:0{digits}}" for number in range(1, self.users + 1))


class Limits(Section):
    memory_mb: int = Field(ge=512, description="Most memory of one container; the scheduler's has no limit.")
    processes: int = Field(ge=256, description="Most processes and threads of one container.")
    open_files: int = Field(ge=1024, description="Most open files of one process.")
    log_mb: int = Field(ge=1, description="Size at which the log of a container begins anew.")


class Deployment(Section):
    site: Site
    image: str = Field(pattern=r"^[a-z0-9][a-z0-9._/:@-]{0,254}$", description="Container image of every service.")
    network: Network
    tls: Tls
    database: Literal["postgresql", "sqlite"] = Field(description="Where ledger and accounts are kept.")
    scheduler: Scheduler
    accounts: Accounts
    keys: Keys
    course: Course | None = Field(description="A course that this deployment is for; null for none.")
    secret_files: dict[SecretName, HostPath] = Field(
        description="Secrets of the site on the host, such as an API key: settings name them /run/secrets/ink/NAME."
    )
    limits: Limits
    settings: dict[str, Any] = Field(description="Over the manager's settings that are made from the keys above.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.scheduler.kind == "external" and not self.settings.get("clusters"):
            raise ValueError("scheduler.kind is external, which needs settings.clusters")
        if self.course and (taken := [name for name in self.accounts.names if self.course.is_of(name)]):
            raise ValueError(f"{taken[0]} would end with the course, whose accounts are named so; take another name")
        if self.network.https_port == self.network.http_port:
            raise ValueError("network.http_port must be another port than network.https_port")
        return self

    @property
    def portal_url(self) -> str:
        return self._url(self.site.host)

    @property
    def apps_url(self) -> str:
        return self._url(self.site.apps_host)

    def address(self, number: int) -> str:
        """Of a container in the deployment's network."""
        return str(IPv4Network(self.network.subnet)[number])

    def _url(self, host: str) -> str:
        port = self.network.https_port
        return f"https://{host}" if port == 443 else f"https://{host}:{port}"
