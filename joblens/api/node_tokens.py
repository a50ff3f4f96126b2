"""Which hosts a collector's token may report for: it is written in the token's name, which its holder cannot change.

Whoever takes a node has its token: what they report is then about that node, and nothing of what others report is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ink_core.errors import BadInput, Forbidden
from ink_core.identity.principal import Principal
from ink_core.identity.service import IdentityService

_MARK = "hosts "
_PATTERN = re.compile(r"[A-Za-z0-9_.*?\[\]-]{1,80}")


class HostForeign(Forbidden):
    """The token is for other hosts; `ink joblens node-token --host` makes one for this one."""

    code = "host_foreign"


def token_name(hosts: str) -> str:
    """`hosts` is a host's name, or a pattern such as `node1*`. Raises `BadInput`."""
    if not _PATTERN.fullmatch(hosts):
        raise BadInput("a host is 1 to 80 of letters, digits, _, . and -, with *, ? and [ ] in a pattern of several")
    return _MARK + hosts


@dataclass(frozen=True)
class Hosts:
    """A name or a pattern of names; none where it is empty."""

    pattern: str

    def check(self, host: str) -> None:
        """Raises `HostForeign`."""
        if not fnmatchcase(host, self.pattern):
            raise HostForeign(f"this token reports for {self.pattern or 'no host'}, not for {host[:100]!r}")


class NodeHosts:
    """Which hosts a token may report for, looked up once for each: its name never changes, and a site of many nodes has
    a token of each, which all belong to one account."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._known: dict[str, Hosts] = {}

    async def of(self, identity: IdentityService, node: Principal) -> Hosts:
        """Those of the token behind `node`; one that was made without saying for which is for none."""
        known = self._known.get(node.credential)
        if known is None:
            known = self._known[node.credential] = await _hosts_of(identity, node)
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return known


async def _hosts_of(identity: IdentityService, node: Principal) -> Hosts:
    tokens = await identity.tokens(node.username)
    name = next((token.name for token in tokens if node.credential == f"{token.kind}:{token.id}"), "")
    return Hosts(name.removeprefix(_MARK) if name.startswith(_MARK) else "")
