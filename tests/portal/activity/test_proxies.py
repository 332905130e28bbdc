"""Whose address counts behind proxies."""

from ipaddress import ip_network

import pytest

from activity.proxies import client_address, network_of

OURS = [ip_network("10.0.0.0/24"), ip_network("2001:db8::/64")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # a stranger may write what he likes
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the client invented the first
        ("10.0.0.5", "203.0.113.9, 198.51.100.1, 10.0.0.6", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "unknown", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, <script>", "10.0.0.5"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:db8:1::7", "2001:db8:1::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_our_proxies_are_believed(peer, forwarded, expected):
    assert client_address(peer, forwarded, OURS) == expected


def test_no_proxy_is_trusted_unless_one_is_named(client):
    answer = client.get("/healthz", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "198.51.100.1"})
    assert answer.wsgi_request.META["REMOTE_ADDR"] == "192.0.2.7"


def test_a_trusted_proxy_tells_address_and_scheme(client, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.5"]
    headers = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    answer = client.get("/healthz", REMOTE_ADDR="10.0.0.5", headers=headers)
    assert answer.wsgi_request.META["REMOTE_ADDR"] == "198.51.100.1"
    assert answer.wsgi_request.is_secure()
    other = client.get("/healthz", REMOTE_ADDR="10.0.0.6", headers=headers)
    assert other.wsgi_request.META["REMOTE_ADDR"] == "10.0.0.6"
    assert not other.wsgi_request.is_secure()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_of_an_address_its_network_is_kept(address, network):
    assert network_of(address) == network
