"""Keytabs of XRootD's simple shared secret, as `xrdsssadmin` writes them.

A line for each key (XrdSecsssKT): `0 u:USER g:GROUP n:NAME N:NUMBER c:CREATED e:EXPIRES f:FLAGS k:HEX`, where times are
seconds since 1970 and `e:0` is never. The number tells one key of a name from the next: seconds in the upper half.
"""

from __future__ import annotations

import secrets

from deploy.render.model import SssKey

KEY_BYTES = 32


def keytab(key: SssKey, now: int) -> bytes:
    """`now` in seconds since 1970."""
    return (
        f"0 u:{key.user} g:{key.group} n:{key.name} N:{now << 32 | 1} c:{now} e:0 f:0 "
        f"k:{secrets.token_hex(KEY_BYTES)}\n"
    ).encode()
