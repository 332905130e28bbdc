"""Which addresses an application may have codes sent to (S1, RFC 9700 section 4.1)."""

import pytest

from entra.admincenter.forms.registration import usable_redirect

pytestmark = pytest.mark.requirement("S1")


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("https://app.example/cb", True),
        ("https://app.example/cb?from=here", True),
        ("http://localhost:3000/cb", True),
        ("http://127.0.0.1/cb", True),
        ("http://app.example/cb", False),
        ("https://app.example/cb#part", False),
        ("https://name:word@app.example/cb", False),
        ("https://*.app.example/cb", False),
        ("https://app.example\\@evil.example/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//app.example/cb", False),
        ("https:///cb", False),
        ("https://app.example:port/cb", False),
        ("https://app.exаmple/cb", False),
        ("HTTPS://App.Example:8443/cb/a%20b", True),
        ("http://[::1]:9000/cb", True),
        ("https://boo\u212a.example/cb", False),
        ("https://app.example/\tcb", False),
        ("https://app.exa\tmple/cb", False),
        ("https://app.example/\x7f", False),
        ("https://app.example;sandbox/cb", False),
        ("https://app.example,evil.example/cb", False),
        ("https://app%2eexample/cb", False),
        ("https://app.example:0/cb", False),
        ("https://app.example:99999/cb", False),
        ("https://[::1/cb", False),
        ('https://app.example/"cb', False),
        ("https://app.example/<cb>", False),
    ],
)
def test_codes_are_sent_to_no_hostile_address(address: str, usable: bool) -> None:
    assert usable_redirect(address) is usable
