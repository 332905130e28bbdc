"""Which addresses events may be sent to: the partner chooses the URL, so it must lead nowhere inside (SSRF)."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from secretstore.local import on_loopback

_PRINTABLE = re.compile(r"[\x21-\x7e]{1,500}")
_WRAPPED = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 networks whose addresses stand for IPv4 ones: NAT64, 6to4, Teredo."""


class AddressRefused(Exception):
    """Says what is wrong with the URL, in words for its owner."""


def checked_url(url: str) -> SplitResult:
    """The URL taken apart, if its form allows it to be called. Raises AddressRefused."""
    if not _PRINTABLE.fullmatch(url):
        message = "The URL has to be up to 500 ASCII characters without spaces."
        raise AddressRefused(message)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        message = "The URL cannot be read."
        raise AddressRefused(message) from error
    if not parts.hostname or port == 0 or parts.username is not None or parts.password is not None or parts.fragment:
        message = "The URL needs a host name, and takes neither a user name nor a fragment."
        raise AddressRefused(message)
    local = settings.DEMO and on_loopback(url)
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        message = "The URL has to begin with https://."
        raise AddressRefused(message)
    literal = _literal(parts.hostname)
    if literal is not None:
        _require_public(literal)
    return parts


def resolved(host: str, port: int) -> str:
    """One address of the host, all of which are public. To be connected to as it is: a name that is resolved again
    may lead elsewhere (DNS rebinding). Raises AddressRefused."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        message = f"The host name {host} cannot be resolved."
        raise AddressRefused(message) from error
    for address in found:
        _require_public(ip_address(address.partition("%")[0]))
    return min(found, key=lambda address: (":" in address, address))  # IPv4 first: the way more networks have


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _require_public(address: IPv4Address | IPv6Address) -> None:
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain = inner or address
    if plain.is_loopback and settings.DEMO:
        return
    if not plain.is_global or plain.is_multicast or any(plain in network for network in _WRAPPED):
        message = f"The address {plain} is not on the public internet."
        raise AddressRefused(message)
