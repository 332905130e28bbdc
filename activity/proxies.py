"""Whose address a request comes from when it passed through proxies of ours."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

Network = IPv4Network | IPv6Network
_KEPT_BITS = {4: 24, 6: 48}


class TrustedProxyMiddleware:
    """Sets REMOTE_ADDR and the scheme from what a proxy in TRUSTED_PROXIES says; nobody else is believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.proxies = [ip_network(proxy) for proxy in settings.TRUSTED_PROXIES]
        if not self.proxies:
            raise MiddlewareNotUsed

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = str(request.META.get("REMOTE_ADDR", ""))
        if _is_within(peer, self.proxies):
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded, self.proxies)
            if request.META.get("HTTP_X_FORWARDED_PROTO", "").lower() == "https":
                request.META["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def client_address(peer: str, forwarded: str, proxies: Iterable[Network]) -> str:
    """Return the nearest address that is none of our proxies.

    Each proxy appends whom it saw, so the list is read from its end, and what the client itself wrote at the
    beginning is never reached. Where an entry is unreadable, the proxy that passed it on is the answer.
    """
    address = peer
    for hop in reversed(forwarded.split(",")):
        if not _is_within(address, proxies) or (seen := _address(hop.strip())) is None:
            break
        address = str(seen)
    return address


def network_of(address: str) -> str:
    """The network an address is in: a /24 of IPv4, a /48 of IPv6. Empty for what is no address.

    All that is kept of where people sign in from: it tells one place from another, and no household from the next.
    """
    parsed = _address(address)
    return str(ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False)) if parsed else ""


def _is_within(address: str, networks: Iterable[Network]) -> bool:
    parsed = _address(address)
    return parsed is not None and any(parsed in network for network in networks)


@lru_cache(maxsize=1024)  # our proxies are in every request
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
