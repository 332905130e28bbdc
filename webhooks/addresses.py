"""Which addresses events may be sent to: the partner chooses the URL, so it must lead nowhere inside (SSRF)."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from secretstore.local import on_loopback

_PRINTABLE = re.compile(r"[\x21-\x7e]{1,500}")
_WRAPPED = (ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 networks whose addresses stand for IPv4 ones: 6to4, Teredo."""
_UNICAST = ip_network("2000::/3")
"""All of IPv6 that is handed out (RFC 4291 section 2.4); outside are NAT64, IPv4-compatible and site-local ones."""
_SPECIAL = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
"""IPv4 networks that the standard library takes for global: protocol assignments, 6to4 relays (RFC 6890, 7526)."""


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
    if literal is not None and not _public(literal):
        message = f"The address {literal} is not on the public internet."
        raise AddressRefused(message)
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
        if not _public(ip_address(address.partition("%")[0])):
            message = f"The host name {host} leads to an address that is not on the public internet."
            raise AddressRefused(message)  # not which: a partner is not told how names resolve in here
    return min(found, key=lambda address: (":" in address, address))  # IPv4 first: the way more networks have


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _public(address: IPv4Address | IPv6Address) -> bool:
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain = inner or address
    if plain.is_loopback and settings.DEMO:
        return True
    if plain.version == 6 and plain not in _UNICAST:
        return False
    return plain.is_global and not plain.is_multicast and not any(plain in each for each in (*_WRAPPED, *_SPECIAL))
