"""Certificates for SSH: who gets one, for whom and for how long, and that it is on record; as OpenSSH reads them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    SSHCertificate,
    load_ssh_private_key,
    load_ssh_public_identity,
)
from fastapi import FastAPI

from ink_core.clock import ManualClock
from ink_core.errors import Forbidden
from ink_core.identity.model import Group
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.ssh_certificates import SshCertificates
from ink_core.key_file import KeyUnusable
from ink_core.settings import SettingsError
from tests.security.application import application, client, signed_in

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-V2-07")]
EXPORT = frozenset({Scope.CREDENTIALS_EXPORT})
AUTHORITY = Ed25519PrivateKey.generate()


def in_ssh_form(key: Any, form: PrivateFormat = PrivateFormat.OpenSSH) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@dataclass
class Site:
    app: FastAPI
    http: httpx2.AsyncClient
    alice: Mapping[str, str]
    """The header of her token for this."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    file = folder / "ssh-ca"
    file.write_text(in_ssh_form(AUTHORITY))
    file.chmod(0o600)
    async with application(folder, {"INK_SIGN_IN__SSH_CA_KEY_FILE": str(file)}) as app, client(app) as http:
        identity = app.state.core.identity
        await signed_in(app, "alice")
        group = {"name": "shells", "description": "", "permissions": frozenset[str](), "scopes": EXPORT}
        await identity.groups.add(Group(**group, created_at=app.state.core.clock.now()))
        await identity.groups.add_member("shells", "alice")
        made = await identity.create_token_of("alice", "tunnel", EXPORT, timedelta(hours=1))
        yield Site(app, http, {"Authorization": f"Bearer {made.secret}"})


async def exported(site: Site) -> Any:
    answer = await site.http.post("/api/v3/credentials/export", headers=site.alice)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    return answer.json()


async def test_a_certificate_names_the_tokens_user_alone_and_ends_after_minutes(site: Site) -> None:
    given = await exported(site)
    assert (given["username"], given["kind"]) == ("alice", "ssh-cert")
    certificate = load_ssh_public_identity(given["certificate"].encode())
    assert isinstance(certificate, SSHCertificate)
    certificate.verify_cert_signature()
    public = (Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert certificate.signature_key().public_bytes(*public) == AUTHORITY.public_key().public_bytes(*public)
    own = load_ssh_private_key(given["private_key"].encode(), None).public_key()
    assert certificate.public_key().public_bytes(*public) == own.public_bytes(*public)
    assert certificate.valid_principals == [b"alice"]
    assert certificate.valid_before - certificate.valid_after == 360
    assert sorted(certificate.extensions) == [b"permit-port-forwarding", b"permit-pty"]


async def test_each_certificate_has_a_key_of_its_own_and_is_on_record_before_it_is_given(site: Site) -> None:
    first, second = await exported(site), await exported(site)
    assert first["private_key"] != second["private_key"]
    recorded = [event async for event in _recorded(site)]
    assert len(recorded) >= 2 and {body["user"] for body in recorded} == {"alice"}
    certificate = load_ssh_public_identity(second["certificate"].encode())
    assert isinstance(certificate, SSHCertificate)
    assert str(certificate.serial) == recorded[-1]["serial"] and recorded[-1]["by"].startswith("token:")
    assert not any("PRIVATE KEY" in str(body) for body in recorded)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
async def test_openssh_reads_the_certificate(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "id-cert.pub"
    file.write_text((await exported(site))["certificate"])
    shown = subprocess.check_output(["ssh-keygen", "-L", "-f", str(file)], text=True, timeout=60)
    assert "user certificate" in shown and "ink:alice:token:" in shown
    assert [line.strip() for line in shown.splitlines()].count("alice") == 1


async def test_neither_a_browser_nor_a_token_without_the_scope_gets_one(site: Site) -> None:
    identity = site.app.state.core.identity
    other = await identity.create_token_of("alice", "other", frozenset({Scope.JOBS_READ}), timedelta(hours=1))
    headers = {"Authorization": f"Bearer {other.secret}"}
    assert (await site.http.post("/api/v3/credentials/export", headers=headers)).status_code == 403
    browser = await signed_in(site.app, "bob", is_admin=True)
    assert (await site.http.post("/api/v3/credentials/export", headers=browser)).status_code == 401
    with pytest.raises(Forbidden):
        await identity.create_token_of("bob", "mine", EXPORT, timedelta(hours=1))


async def test_a_site_without_an_authority_says_that_there_is_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        identity = app.state.core.identity
        await identity.create_user("alice")
        await identity.set_roles("alice", own_scopes=EXPORT)
        made = await identity.create_token_of("alice", "tunnel", EXPORT, timedelta(hours=1))
        answer = await http.post("/api/v3/credentials/export", headers={"Authorization": f"Bearer {made.secret}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_export")


async def nothing(kind: str, body: Mapping[str, Any]) -> None:
    """A record that nobody reads."""


@pytest.mark.parametrize("username", ["root", "daemon"])
async def test_nobody_gets_one_for_an_account_of_the_system(username: str) -> None:
    certificates = SshCertificates(in_ssh_form(ec_key(SECP256R1())), nothing, ManualClock())
    system = Principal(username=username, is_admin=True, scopes=EXPORT, credential="token:1")
    with pytest.raises(Forbidden, match=username):
        await certificates.issue(system)
    assert (await certificates.issue(system.model_copy(update={"username": "alice"}))).certificate


@pytest.mark.parametrize("key", ["no key", in_ssh_form(AUTHORITY, PrivateFormat.PKCS8)])
async def test_an_authority_that_cannot_sign_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(KeyUnusable):
        SshCertificates(key, nothing, ManualClock())


async def test_an_authority_that_others_could_read_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "ssh-ca"
    file.write_text(in_ssh_form(AUTHORITY))
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="only its owner"):
        async with application(tmp_path, {"INK_SIGN_IN__SSH_CA_KEY_FILE": str(file)}):
            pass


async def _recorded(site: Site) -> AsyncIterator[Any]:
    for event in await site.app.state.platform.ledger.read("accounts"):
        if event.kind == "certificate.issue":
            yield event.body
