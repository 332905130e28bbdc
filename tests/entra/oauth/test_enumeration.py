"""Which accounts exist is told to nobody who does not know a password (ASVS 6.3.8)."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from entra.directory.models import Tenant, User
from tests.entra.conftest import RelyingParty


@pytest.mark.parametrize("prompt", [None, "none", "login", "select_account", "consent"])
def test_a_hint_tells_nobody_which_names_exist(
    signed_in_rp: RelyingParty, fabrikam: Tenant, contoso: Tenant, alejandra: User, prompt: str | None
) -> None:
    """ASVS 6.3.8: whoever has an account anywhere could otherwise try names without a page and without a limit."""

    def outcome(name: str) -> tuple[str, str | None]:
        address = urlsplit(signed_in_rp.authorize(login_hint=name, prompt=prompt)["Location"])
        return address.path.rpartition("/")[2], dict(parse_qsl(address.query)).get("error")

    assert outcome(alejandra.user_principal_name) == outcome("no-such-person@contoso.example")


def test_another_account_is_refused_whether_or_not_the_hint_names_one(
    signed_in_rp: RelyingParty, contoso: Tenant, alejandra: User
) -> None:
    def outcome(name: str) -> str:
        page = signed_in_rp.authorize(login_hint=name)["Location"]
        typed = {"sign_in_name": "john@fabrikam.example"}
        answer = signed_in_rp.browser.post(page.replace("/password", "/identify"), typed)
        return re.findall(r"AADSTS\d+", answer.content.decode())[0]

    assert outcome(alejandra.user_principal_name) == outcome("no-such-person@contoso.example") == "AADSTS50058"
