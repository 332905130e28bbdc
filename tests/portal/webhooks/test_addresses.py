"""Where events may be sent to, and where not."""

import socket
from typing import Any

import pytest
from pytest_django import Settings

from webhooks.addresses import AddressRefused, checked_url, resolved


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.contoso.example/events",
        "https://hooks.contoso.example:8443/a?b=c",
        "https://93.184.215.14/",
        "http://localhost:9000/events",
        "http://127.0.0.1:9000/",
        "https://127.0.0.1/",
    ],
)
def test_https_and_in_the_demo_this_machine_can_be_called(url: str) -> None:
    assert checked_url(url).hostname


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.contoso.example/",
        "ftp://hooks.contoso.example/",
        "file:///etc/passwd",
        "hooks.contoso.example",
        "https://",
        "https://user@hooks.contoso.example/",
        "https://user:pw@hooks.contoso.example/",
        "https://hooks.contoso.example/#part",
        "https://hooks.contoso.example:0/",
        "https://hooks.contoso.example:99999/",
        "https://[::1/",
        "https://hooks.contoso.example/a b",
        "https://hooks.contoso.example/\r\nHost: x",
        "https://フック.example/",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.5]/",
        "https://[64:ff9b::a00:5]/",
        "https://[64:ff9b:1::a00:5]/",
        "https://[2002:a00:5::1]/",
        "https://[::10.0.0.5]/",
        "https://[::ffff:0:10.0.0.5]/",
        "https://[fec0::1]/",
        "https://192.0.0.8/",
        "https://192.88.99.1/",
        "https://" + "x" * 500,
        "",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked_url(url)


@pytest.mark.parametrize("url", ["http://localhost:9000/", "http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/"])
def test_outside_the_demo_this_machine_is_refused(url: str, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(AddressRefused):
        checked_url(url)


@pytest.mark.parametrize(
    ("addresses", "taken"),
    [
        (["93.184.215.14"], "93.184.215.14"),
        (["2606:2800:21f:cb07::1", "93.184.215.14"], "93.184.215.14"),
        (["93.184.215.14", "10.0.0.5"], None),
        (["169.254.169.254"], None),
        (["::ffff:192.168.1.1"], None),
        (["fe80::1%eth0"], None),
        (["2130706433"], None),
    ],
)
def test_a_name_is_public_if_all_its_addresses_are(monkeypatch: Any, addresses: list[str], taken: str | None) -> None:
    def answer(host: str, port: int, **rest: Any) -> Any:
        if addresses == ["2130706433"]:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    if taken is None:
        with pytest.raises(AddressRefused) as refused:
            resolved("hooks.contoso.example", 443)
        assert not any(address in str(refused.value) for address in addresses)  # how names resolve here is our own
    else:
        assert resolved("hooks.contoso.example", 443) == taken


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "017700000001"])
def test_other_spellings_of_this_machine_lead_to_its_address(host: str, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(AddressRefused):
        resolved(host, 443)
