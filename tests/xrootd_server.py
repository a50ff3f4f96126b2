"""A real XRootD with its HTTP protocol over TLS, which lets in bearer tokens of an issuer of the tests (SciTokens).

Its library keeps issuers' keys in a cache: ours is put there, so that nothing is asked of any network.
"""

from __future__ import annotations

import base64
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from bench.running_manager import free_port

IS_THERE = shutil.which("xrootd") is not None and bool(list(Path("/usr/lib").glob("*/libXrdAccSciTokens-5.so")))
ISSUER, AUDIENCE = "https://issuer.example", "https://xrootd.example"
PATIENCE_S = 60
CONFIGURATION = """
all.export /data
oss.localroot {root}/files
all.adminpath {root}/admin
all.pidpath {root}/admin
xrd.port {port}
xrd.protocol http:{port} libXrdHttp.so
xrd.tls {root}/certificate.pem {root}/key.pem
xrd.tlsca noverify
http.header2cgi Authorization authz
ofs.authorize 1
ofs.authlib libXrdAccSciTokens.so config={root}/scitokens.cfg
acc.authdb {root}/authdb
"""
SCITOKENS = f"[Global]\naudience = {AUDIENCE}\n[Issuer tests]\nissuer = {ISSUER}\nbase_path = /\n"


@dataclass(frozen=True)
class XrootdServer:
    """`data` is what it has below `/data`."""

    root: Path
    port: int
    key: ec.EllipticCurvePrivateKey

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.root / "files/data"

    @property
    def certificate(self) -> Path:
        return self.root / "certificate.pem"

    def token(self, scope: str, *, lifetime_s: int = 600) -> str:
        """A token in WLCG's profile, signed with ES256."""
        now = int(time.time())
        head = {"alg": "ES256", "typ": "JWT", "kid": "tests"}
        claims = {"iss": ISSUER, "sub": "alice", "aud": AUDIENCE, "wlcg.ver": "1.0", "scope": scope, "jti": "1"}
        times = {"iat": now - 60, "nbf": now - 60, "exp": now + lifetime_s}
        signed = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps({**claims, **times}).encode())}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_encoded(r.to_bytes(32) + s.to_bytes(32))}"


@contextmanager
def running_xrootd(root: Path) -> Generator[XrootdServer]:
    """Below `root`, which must be reachable for everybody: as root it runs as `nobody`, since it refuses to be root."""
    server = XrootdServer(root, free_port(), ec.generate_private_key(ec.SECP256R1()))
    for folder in (server.data, root / "admin", root / "cache/scitokens"):
        folder.mkdir(parents=True)
    (root / "scitokens.cfg").write_text(SCITOKENS)
    (root / "authdb").touch()
    (root / "xrootd.cfg").write_text(CONFIGURATION.format(root=root, port=server.port))
    _make_certificate(root)
    _keep_key(server)
    as_nobody = _give_away(root)
    argv = ["xrootd", *as_nobody, "-c", str(root / "xrootd.cfg"), "-n", "tests"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
    with (root / "log").open("w") as log:
        process = subprocess.Popen(argv, env=environment, stdout=log, stderr=log, cwd=root)
    try:
        _until_it_listens(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _until_it_listens(server: XrootdServer, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"xrootd does not listen: {(server.root / 'log').read_text()[-2000:]}")


def _make_certificate(root: Path) -> None:
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    files = ["-keyout", str(root / "key.pem"), "-out", str(root / "certificate.pem")]
    subprocess.run(["openssl", "req", "-x509", *kind, *files, *names], check=True, capture_output=True)
    (root / "key.pem").chmod(0o400)


def _keep_key(server: XrootdServer) -> None:
    numbers = server.key.public_key().public_numbers()
    point = {"x": _encoded(numbers.x.to_bytes(32)), "y": _encoded(numbers.y.to_bytes(32))}
    key = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "tests", **point}
    kept = {"jwks": {"keys": [key]}, "expires": int(time.time()) + 86400, "next_update": int(time.time()) + 86400}
    with closing(sqlite3.connect(server.root / "cache/scitokens/scitokens_cpp.sqllite")) as cache:
        cache.execute("CREATE TABLE keycache (issuer text UNIQUE PRIMARY KEY NOT NULL, keys text NOT NULL)")
        cache.execute("INSERT INTO keycache VALUES (?, ?)", (ISSUER, json.dumps(kept)))
        cache.commit()


def _give_away(root: Path) -> list[str]:
    """Whom it runs as, as its options: what it works in belongs to them."""
    if os.getuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    for path in (root, *root.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return ["-R", "nobody"]


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
