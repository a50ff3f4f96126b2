"""The init step: keys, certificates, keytabs and accounts, made once and for their owners only."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey

from deploy.init.files import Owner
from deploy.init.make import Init, Machine
from deploy.render.layers import choose
from deploy.render.output import render
from ink_core.errors import NotFound

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ME = Owner(os.getuid(), os.getgid())
SITE = """
extras: [xrootd]
site: {name: one, host: ink.example, apps_host: apps.ink.example}
accounts: {users: [alice]}
"""
as_root = pytest.mark.skipif(os.getuid() != 0, reason="homes are given to their owners, which needs root")


@dataclass
class Place:
    folder: Path
    machine: Machine

    def init(self, *rotate: str, now: datetime = NOW) -> list[str]:
        return Init(self.folder, self.machine, now).run(frozenset(rotate))

    def secret(self, name: str) -> Path:
        return self.folder / "secrets" / name

    def contents(self) -> dict[str, bytes]:
        found = (path for path in (self.folder / "secrets").rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder / "secrets")): path.read_bytes() for path in found}


def deployment(folder: Path, text: str = SITE) -> Place:
    answers = folder / "site.yaml"
    answers.write_text(text, encoding="utf-8")
    output = folder / "out"
    render(choose(answers=answers), output)
    for name in ("data", "homes"):
        (folder / name).mkdir(exist_ok=True)
    nginx = output / "secrets" / "nginx"
    return Place(output, Machine(lambda _: ME, folder / "data", folder / "homes", nginx, folder / "host"))


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
def test_all_keys_are_made_and_nobody_but_their_owner_can_read_them(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    made = place.init()
    assert {"TLS certificate", "SSH certificate authority", "SSS keytab xrootd", "password of the database"} <= set(
        made
    )
    for name in ("manager/ssh_ca", "manager/database", "db/database", "condor/pool", "nginx/tls.key", "authority.key",
                 "xrootd/xrootd.keytab", "nginx/ink-key.conf"):  # fmt: skip
        assert stat.S_IMODE(place.secret(name).stat().st_mode) == 0o600, name
    assert place.secret("manager/database").read_bytes() == place.secret("db/database").read_bytes()


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
def test_a_second_init_replaces_nothing(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    before = place.contents()
    assert place.init() == []
    assert place.contents() == before


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("tls", {"nginx/tls.key", "nginx/tls.crt"}),
        ("authority", {"nginx/tls.key", "nginx/tls.crt", "authority.key", "authority.crt"}),
        ("database", {"manager/database", "db/database"}),
        ("pool", {"condor/pool"}),
        ("ssh_ca", {"manager/ssh_ca", "ssh_ca.pub"}),
        ("sss", {"xrootd/xrootd.keytab"}),
    ],
)
def test_a_key_is_made_anew_when_that_is_asked_for_and_no_other(tmp_path: Path, key: str, changed: set[str]) -> None:
    place = deployment(tmp_path)
    place.init()
    before = place.contents()
    place.init(key)
    assert {name for name, content in place.contents().items() if content != before[name]} == changed


@as_root
def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="known are tls, authority"):
        deployment(tmp_path).init("nonsense")


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
def test_the_certificate_is_for_both_hosts_and_signed_by_an_authority_that_may_sign_no_other(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    context = ssl.create_default_context(cafile=str(place.secret("authority.crt")))
    context.load_cert_chain(place.secret("nginx/tls.crt"), place.secret("nginx/tls.key"))  # they belong together
    served, issuer = x509.load_pem_x509_certificates(place.secret("nginx/tls.crt").read_bytes())
    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["ink.example", "apps.ink.example"]
    signer = issuer.public_key()
    assert isinstance(signer, EllipticCurvePublicKey) and served.signature_hash_algorithm
    signer.verify(served.signature, served.tbs_certificate_bytes, ECDSA(served.signature_hash_algorithm))
    allowed = issuer.extensions.get_extension_for_class(x509.NameConstraints)
    assert allowed.critical
    assert allowed.value.permitted_subtrees == [x509.DNSName("ink.example"), x509.DNSName("apps.ink.example")]


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
def test_a_certificate_is_renewed_a_month_before_its_end_under_the_same_authority(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    before = place.contents()
    assert place.init(now=NOW + timedelta(days=397 - 31)) == []
    assert place.init(now=NOW + timedelta(days=397 - 29)) == ["TLS certificate"]
    assert place.contents()["authority.crt"] == before["authority.crt"]


@as_root
@pytest.mark.requirement("DEPLOY-ONE-03")
def test_another_host_name_gets_a_certificate_of_its_own(tmp_path: Path) -> None:
    deployment(tmp_path).init()
    moved = deployment(tmp_path, SITE.replace("ink.example", "ink.other"))
    assert moved.init() == ["TLS authority", "TLS certificate"]


@as_root
def test_certificates_and_secrets_of_the_site_are_taken_as_they_are(tmp_path: Path) -> None:
    for name in ("c.pem", "k.pem", "llm.key"):
        file = tmp_path / "host" / "etc" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    tls = "tls: {kind: files, certificate: /etc/c.pem, key: /etc/k.pem}\nsecret_files: {llm: /etc/llm.key}\n"
    place = deployment(tmp_path, SITE + tls)
    place.init()
    assert place.secret("nginx/tls.crt").read_text() == "c.pem"
    assert place.secret("nginx/tls.key").read_text() == "k.pem"
    assert place.secret("manager/llm").read_text() == "llm.key"
    assert not place.secret("authority.key").exists()


@as_root
def test_accounts_keep_their_numbers_and_no_number_is_given_twice(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    first = (place.folder / "accounts" / "passwd").read_text()
    assert first == (
        "admin:x:20000:20000::/home/admin:/bin/bash\nalice:x:20001:20001::/home/alice:/bin/bash\n"
    )  # fmt: skip
    more = deployment(tmp_path, SITE.replace("[alice]", "[bob, alice]"))
    assert "account bob" in more.init()
    assert (place.folder / "accounts" / "passwd").read_text() == first + "bob:x:20002:20002::/home/bob:/bin/bash\n"
    home = (tmp_path / "homes" / "bob").stat()
    assert (home.st_uid, home.st_gid, stat.S_IMODE(home.st_mode)) == (20002, 20002, 0o700)


@as_root
@pytest.mark.integration
@pytest.mark.requirement("DEPLOY-ONE-03")
@pytest.mark.skipif(not shutil.which("xrdsssadmin"), reason="xrdsssadmin is not there (Debian: xrootd-server)")
def test_xrootds_own_tool_reads_the_keytab(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    listed = subprocess.run(
        ["xrdsssadmin", "list", place.secret("xrootd/xrootd.keytab")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.splitlines()
    number, bits, *_rest, name, user, group = listed[-1].split()
    assert (number, bits, name, user, group) == ("1", "32", "xrootd", "ink", "ink")


@as_root
@pytest.mark.integration
@pytest.mark.requirement("DEPLOY-ONE-03")
@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not there (Debian: openssh-client)")
def test_openssh_signs_with_the_authority(tmp_path: Path) -> None:
    place = deployment(tmp_path)
    place.init()
    user = tmp_path / "user"
    authority = place.secret("manager/ssh_ca")
    for argv in (
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", user],
        ["ssh-keygen", "-q", "-s", authority, "-I", "test", "-n", "alice", f"{user}.pub"],
    ):
        subprocess.run(argv, timeout=60, check=True)
    shown = subprocess.run(["ssh-keygen", "-L", "-f", f"{user}-cert.pub"], capture_output=True, text=True, timeout=60)
    public = subprocess.run(
        ["ssh-keygen", "-l", "-f", place.secret("ssh_ca.pub")], capture_output=True, text=True, timeout=60
    )
    assert public.stdout.split()[1] in shown.stdout
