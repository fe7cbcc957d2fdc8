"""What a request says of its way here, once only trusted proxies are believed.

A proxy's word counts where the connection itself comes from a network of `web.trusted_proxies`.
From others the same headers are dropped, and tell only that the request came through a proxy.
Of a list of addresses the last that is no trusted proxy's counts: those before it may be made up.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from msgspec import Struct

from movie_sync.errors import ConfigError
from movie_sync.web_settings import Web

IPAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Headers = list[tuple[bytes, bytes]]

FORWARDED = {
    b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port",
    b"x-forwarded-prefix", b"x-forwarded-proto", b"x-forwarded-server", b"x-real-ip",
}  # fmt: skip
LONGEST_USER = 100
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")
ORIGIN = re.compile(rf"(?P<scheme>https?)://{HOST.pattern}")
PORTS = {"http": 80, "https": 443}


class Arrival(Struct, frozen=True):
    """Where a request is from, and what it asked for."""

    address: IPAddress | None  # of whoever asks; None where that cannot be known
    scheme: str
    scheme_is_known: bool  # else a proxy may have asked by https, and not said so
    host: str  # as the Host header has it
    user: str  # whom a trusted proxy let in
    by_proxy: bool  # trusted or not
    headers: Headers  # without what is not to be believed
    key_in_address: bool = False  # the API key among them stood there


class Proxies:
    """The proxies that are believed.

    Raises:
        ConfigError: a network is none; nothing was started.
    """

    def __init__(self, web: Web) -> None:
        self._networks = [_network(text) for text in web.trusted_proxies]
        self._user_header = web.user_header.lower().encode()

    def arrival(self, scope: dict[str, Any]) -> Arrival:
        headers: Headers = scope["headers"]
        peer = address_of(scope["client"][0]) if scope.get("client") else None
        kept = [(name, value) for name, value in headers if not self._is_of_proxies(name)]
        host = _only(headers, b"host")
        by_proxy = any(name in FORWARDED for name, _ in headers)
        if not self._trusts(peer):
            return Arrival(peer, scope["scheme"], False, host, "", by_proxy, kept)
        told = _last(headers, b"x-forwarded-host")
        if told:
            host = told
            kept = [(name, value) for name, value in kept if name != b"host"]
            kept.append((b"host", host.encode("latin-1")))
        scheme = _last(headers, b"x-forwarded-proto").lower()
        known = scheme in PORTS
        return Arrival(
            self._first_stranger(peer, headers),
            scheme if known else scope["scheme"],
            known,
            host,
            self._user(headers),
            by_proxy,
            kept,
        )

    def _is_of_proxies(self, name: bytes) -> bool:
        return name in FORWARDED or (name == self._user_header and bool(name))

    def _trusts(self, address: IPAddress | None) -> bool:
        return address is not None and any(address in network for network in self._networks)

    def _first_stranger(self, peer: IPAddress | None, headers: Headers) -> IPAddress | None:
        """The nearest that is no trusted proxy; where all are, the farthest."""
        found = peer
        for text in reversed(_values(headers, b"x-forwarded-for")):
            found = address_of(text)
            if not self._trusts(found):
                break
        return found

    def _user(self, headers: Headers) -> str:
        """One user, in one header: of two, somebody else than the proxy wrote one."""
        if not self._user_header:
            return ""
        user = _only(headers, self._user_header).strip()
        return user if len(user) <= LONGEST_USER and user.isprintable() else ""


def is_loopback(host: str) -> bool:
    """Whether a name or an address, in brackets or not, is this machine's own for sure."""
    name = host.removeprefix("[").removesuffix("]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761
        return True
    address = address_of(name)
    return address is not None and address.is_loopback


def is_address(host: str) -> bool:
    return address_of(host.removeprefix("[").removesuffix("]")) is not None


def name_of(host: str) -> str:
    """The name or address in a Host header, in small letters; empty where it is none."""
    found = HOST.fullmatch(host)
    return found["name"].lower().rstrip(".") if found else ""


def is_origin_of(origin: str, arrival: Arrival) -> bool:
    """Whether a page of this origin is one of ours."""
    theirs, ours = ORIGIN.fullmatch(origin), HOST.fullmatch(arrival.host)
    if not theirs or not ours:
        return False
    scheme = theirs["scheme"]
    if arrival.scheme_is_known and scheme != arrival.scheme:
        return False
    usual = PORTS[scheme]
    ports = [int(each["port"] or usual) for each in (theirs, ours)]
    return ports[0] == ports[1] and theirs["name"].lower() == ours["name"].lower()


def header(headers: Headers, name: bytes) -> str:
    """The first value of a header; empty where there is none."""
    return next((value.decode("latin-1") for known, value in headers if known == name), "")


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            f'web.trusted_proxies names "{text}", which is no network; nothing was started; '
            "write an address, or a network as 172.18.0.0/16"
        ) from None


def address_of(text: str) -> IPAddress | None:
    """Also of "192.0.2.1:4711", as some proxies write it; 4 in 6 is 4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _values(headers: Headers, name: bytes) -> list[str]:
    texts: Iterable[str] = (value.decode("latin-1") for known, value in headers if known == name)
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _last(headers: Headers, name: bytes) -> str:
    """What the nearest proxy said."""
    return (_values(headers, name) or [""])[-1]


def _only(headers: Headers, name: bytes) -> str:
    found = {value.decode("latin-1") for known, value in headers if known == name}
    return found.pop() if len(found) == 1 else ""
