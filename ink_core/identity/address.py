"""Whom an address stands for: one IPv4 address, but a whole /64 of IPv6, which every host can have to itself."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """The address itself, or the /64 that an IPv6 address lies in; an IPv4 address in IPv6 clothes as IPv4."""
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
