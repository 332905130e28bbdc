"""Redirect addresses of tools that listen on the person's own machine (RFC 8252 section 7.3)."""

from urllib.parse import SplitResult, urlsplit

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def without_loopback_port(address: str) -> str | None:
    """`address` without its port, which such a tool is given by the system as it starts; None for any other address."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or host not in _THIS_MACHINE or "@" in parts.netloc or "\\" in address:
        return None
    return _comparable(parts, host)


def _comparable(parts: SplitResult, host: str) -> str:
    return parts._replace(netloc=host, path=parts.path or "/").geturl()
