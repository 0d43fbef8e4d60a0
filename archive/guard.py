"""Which addresses may be connected to: globally routable unicast, and what the keeper allows.

The special-purpose ranges are those of the IANA IPv4 and IPv6 special-purpose registries (RFC 6890 and its updates).
`ipaddress.is_global` alone is not enough: it calls multicast global, and does not look into IPv6 addresses that carry
an IPv4 one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import httpx

from archive.fetched import AddressRefused

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_REFUSED4 = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (carrier-grade NAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
    )
)
_REFUSED6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("2001::/23", "Teredo and protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL6 = IPv6Network("2000::/3")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the upper half of the interface identifier
_PORTS = (80, 443)
# What an allowed `host:port` may turn out to be; link-local (cloud metadata) and the rest need a network entry.
_PRIVATE = tuple(
    ipaddress.ip_network(n)
    for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ENTRY = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:/\[\]@]+):(?P<port>[0-9]{1,5})")


def _plain(address: _Address) -> _Address:
    """The IPv4 address behind an IPv4-mapped or NAT64 one (both lead to exactly that host), else the address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def refusal(address: str) -> str | None:
    """Why this IP address (text, as a resolver gives it) may not be connected to; None when it may."""
    ip = _plain(ipaddress.ip_address(address))
    if isinstance(ip, IPv4Address):
        return next((name for network, name in _REFUSED4 if ip in network), None)
    for network, name in _REFUSED6:
        if ip in network:
            return name
    if ip not in _GLOBAL6:
        return "not globally routable"
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return refusal(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the keeper lets through besides the public internet."""

    networks: tuple[_Network, ...] = ()
    places: frozenset[tuple[str, int]] = frozenset()  # (host, port)

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Allowed:
        """From networks (`10.0.0.0/8`, a single address) and `host:port`.

        Raises:
            ValueError: an entry is neither, in one line.
        """
        networks: list[_Network] = []
        places: set[tuple[str, int]] = set()
        for entry in (e.strip() for e in entries):
            try:
                networks.append(ipaddress.ip_network(entry))
                continue
            except ValueError:
                match = _ENTRY.fullmatch(entry)
            if match is None or not 0 < int(match["port"]) < 65536:
                raise ValueError(f"allowed hosts: {entry!r} is neither a network (10.0.0.0/8) nor host:port")
            places.add((match["host"].strip("[]").lower(), int(match["port"])))
        return cls(tuple(networks), frozenset(places))

    def _lifts(self, host: str, port: int, ip: _Address) -> bool:
        if any(ip in network for network in self.networks):
            return True
        return (host, port) in self.places and any(ip in network for network in _PRIVATE)

    def objection(self, host: str, port: int, address: str) -> str | None:
        """Why `host`, which resolved to `address`, may not be connected to at `port`; None when it may."""
        ip = _plain(ipaddress.ip_address(address))
        if self._lifts(host, port, ip):
            return None
        if reason := refusal(address):
            return f"{address} is {reason}"
        if port not in _PORTS and (host, port) not in self.places:
            return f"port {port} is not allowed"
        return None


def check_url(url: str) -> httpx.URL:
    """The parsed address, if its form may be fetched: http(s), no user, a host in its plain spelling.

    Addresses are checked when connecting, not here: a name may resolve to another one by then.

    Raises:
        AddressRefused: it may not.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AddressRefused(url, f"not an address that can be fetched ({error})") from None
    if parsed.scheme not in ("http", "https"):
        raise AddressRefused(url, f"scheme {parsed.scheme!r} is not fetched, only http and https")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise AddressRefused(url, "addresses with a user name are not fetched")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise AddressRefused(url, f"port {parsed.port} does not exist")
    if problem := _host_problem(parsed.raw_host.decode("ascii", "replace")):
        raise AddressRefused(url, problem)
    return parsed.copy_with(fragment=None)


def _host_problem(host: str) -> str | None:
    if ":" in host:
        return None if _is_address(host) and "%" not in host else f"{host!r} is not an IPv6 address"
    labels = host.removesuffix(".").split(".")
    if len(host) > 254 or not all(_LABEL.fullmatch(label) for label in labels):
        return f"{host!r} is not a host name"
    # WHATWG URL, "ends in a number": resolvers read such names as IPv4 addresses in decimal, hex, octal or short form.
    if _NUMERIC.fullmatch(labels[-1]) and not _is_address(host):
        return f"{host!r} is an odd spelling of an address"
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
