"""Signing in with Kerberos tickets, opened only where it is configured: it needs the extra `kerberos`."""

from __future__ import annotations

from ink_core.errors import CannotServe
from ink_core.identity.external import ExternalPeople
from ink_core.identity.kerberos.sign_in import KerberosSignIn
from ink_core.identity.service import IdentityService
from ink_core.settings import Settings


def open_kerberos(settings: Settings, identity: IdentityService) -> KerberosSignIn | None:
    """None where it is not configured. Raises `CannotServe` without the extra."""
    kerberos = settings.sign_in.kerberos
    if kerberos is None:
        return None
    try:
        from ink_core.identity.kerberos.acceptor import KeytabAcceptor
    except ImportError:
        raise CannotServe("sign_in.kerberos needs its library: install ink-harness with the extra `kerberos`") from None
    acceptor = KeytabAcceptor(kerberos.service, kerberos.keytab)
    return KerberosSignIn(acceptor, kerberos.realm, kerberos.accounts, ExternalPeople(identity))
