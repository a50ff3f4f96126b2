"""Signing in with a Kerberos ticket: a real KDC, real tickets, the whole application."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.kerberos_realm import REALM, Realm, running_realm, why_no_kerberos
from tests.security.application import application, client

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requirement("CORE-AUTH-11"),
    pytest.mark.skipif(why_no_kerberos() is not None, reason=why_no_kerberos() or ""),
]
HTML = {"Accept": "text/html"}


@asynccontextmanager
async def site(realm: Realm, accounts: str) -> AsyncGenerator[tuple[FastAPI, httpx2.AsyncClient]]:
    kerberos = {"realm": REALM, "service": "HTTP@127.0.0.1", "keytab": str(realm.keytab), "accounts": accounts}
    environment = {"INK_SIGN_IN__KERBEROS": json.dumps(kerberos)}
    async with application(realm.folder / "data", environment) as app, client(app) as http:
        yield app, http


@pytest.fixture
def realm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with running_realm(tmp_path) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def negotiation(realm: Realm, principal: str) -> dict[str, str]:
    """The header that a browser of this person sends: a fresh ticket for the service, in SPNEGO's form."""
    gssapi: Any = import_module("gssapi")
    realm.kinit(principal)
    spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
    name = gssapi.Name("HTTP@127.0.0.1", gssapi.NameType.hostbased_service)
    ticket = gssapi.SecurityContext(name=name, mech=spnego, usage="initiate").step()
    return {"Authorization": f"Negotiate {base64.b64encode(ticket).decode()}"}


async def test_a_ticket_signs_its_owner_in_and_counts_once(realm: Realm) -> None:
    async with site(realm, "create") as (app, http), client(app) as thief:
        asked = await http.get("/sign-in/kerberos")
        assert (asked.status_code, asked.headers["www-authenticate"]) == (401, "Negotiate")
        header = await asyncio.to_thread(negotiation, realm, "alice")
        answer = await http.get("/sign-in/kerberos", headers=header)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await http.get("/api/v1/me")).json()["username"] == "alice"
        again = await thief.get("/sign-in/kerberos", headers=header)
        assert (again.status_code, again.json()["code"]) == (401, "ticket_refused")
        assert (await thief.get("/api/v1/me")).status_code == 401
        row = {"name": "kerberos", "title": "Kerberos", "url": "/sign-in/kerberos"}
        assert (await http.get("/api/v1/auth/providers")).json() == [row]


async def test_who_has_no_account_or_no_name_for_one_is_refused(realm: Realm) -> None:
    async with site(realm, "existing") as (app, http):
        for principal in ("alice", "alice/admin", "Mallory"):
            header = await asyncio.to_thread(negotiation, realm, principal)
            refused = await http.get("/sign-in/kerberos", headers={**header, **HTML})
            assert (refused.status_code, refused.headers["location"]) == (303, "/?sign-in=unknown_user"), principal
        await app.state.core.identity.create_user("alice")
        header = await asyncio.to_thread(negotiation, realm, "alice/admin")
        assert (await http.get("/sign-in/kerberos", headers=header)).json()["code"] == "unknown_user"
        header = await asyncio.to_thread(negotiation, realm, "alice")
        assert (await http.get("/sign-in/kerberos", headers=header)).headers["location"] == "/"


async def test_a_locked_user_and_what_is_no_ticket_are_refused(realm: Realm) -> None:
    async with site(realm, "create") as (app, http):
        for nothing in ("", "!!!", base64.b64encode(b"no ticket").decode(), "YII" + "A" * 200):
            refused = await http.get("/sign-in/kerberos", headers={"Authorization": f"Negotiate {nothing}"})
            assert (refused.status_code, refused.json()["code"]) == (401, "ticket_refused"), nothing
        await app.state.core.identity.create_user("alice")
        await app.state.core.identity.set_roles("alice", disabled=True)
        header = await asyncio.to_thread(negotiation, realm, "alice")
        assert (await http.get("/sign-in/kerberos", headers=header)).json()["code"] == "account_locked"
