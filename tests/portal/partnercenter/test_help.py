"""Help and the guided verification examples."""

import pytest
from django.test import Client, override_settings

from accounts.models import User
from tests.portal.conftest import SignIn

EXAMPLES = "/dashboard/help/verification-examples"


@pytest.mark.requirement("M17")
@pytest.mark.parametrize(
    "path", ["", "/terms", "/mfa-questions", "/verification-examples", "/verification-examples/v1"]
)
def test_help_opens_without_mfa_and_without_a_role(client: Client, sign_in: SignIn, john: User, path: str) -> None:
    sign_in(client, john, mfa=False, roles=[])
    assert client.get(f"/dashboard/help{path}").status_code == 200


@pytest.mark.parametrize(
    ("slug", "organization", "persona", "former"),
    [
        ("v1", "Contoso", "Alejandra", "Jane"),
        ("v2", "Wingtip", "Prashob", "Trent"),
        ("v3", "Fabrikam", "John", ""),
        ("v4", "Wingtip Cloud", "Trent", ""),
    ],
)
def test_each_example_names_organization_and_persona_of_both_years(
    client: Client, sign_in: SignIn, john: User, slug: str, organization: str, persona: str, former: str
) -> None:
    sign_in(client, john, mfa=False)
    html = client.get(f"{EXAMPLES}/{slug}").content.decode()
    assert organization in html
    assert persona in html
    assert not former or f"{former} in the 2020 documents" in html


def test_an_unknown_example_is_not_found(client: Client, sign_in: SignIn, john: User) -> None:
    sign_in(client, john, mfa=False)
    assert client.get(f"{EXAMPLES}/v9").status_code == 404


def test_demo_people_are_linked_in_the_demo_only(client: Client, sign_in: SignIn, john: User) -> None:
    sign_in(client, john, mfa=False)
    assert b"/demo/personas" in client.get(EXAMPLES).content
    with override_settings(DEMO=False):
        assert b"/demo/personas" not in client.get(EXAMPLES).content
