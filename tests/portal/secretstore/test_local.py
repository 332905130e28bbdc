"""What holds on one laptop only."""

import pytest

from secretstore.local import generated, on_loopback


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "https://127.0.0.1", "localhost:8001", "127.0.0.1", "[::1]:80"]
)
def test_addresses_of_this_machine_are_loopback(address):
    assert on_loopback(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example",
        "0.0.0.0:8000",
        ":8000",
        "",
        "unix:/run/x",
        "http://localhost.evil.example",
        "10.0.0.1:80",
    ],
)
def test_every_other_address_switches_the_demo_off(address):
    assert not on_loopback("http://localhost:8000", address)


def test_a_generated_secret_stays_and_is_readable_by_its_owner_only(tmp_path):
    secret = generated(tmp_path / "secrets", "key")
    assert generated(tmp_path / "secrets", "key") == secret
    assert len(secret) >= 43
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]
