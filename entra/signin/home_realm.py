"""Where a sign-in name is signed in: its domain decides, never the account (home-realm discovery, V2).

Whether the account exists is not looked at before a password or an assertion has been given, so no page, redirect
or message can tell (ASVS 6.3.8).
"""

from functools import cached_property

from entra.directory.models import Domain, DomainAuthentication
from entra.directory.services import find_domain
from entra.signin.models import Interaction
from entra.signin.request import SignInRequest
from entra.signin.steps import Step
from entra.signin.typed_name import remember_name, typed_name


class Hint:
    """The name in a request's `login_hint`, and the organization here that it is one of. If there is such an account
    is not looked at."""

    def __init__(self, text: str) -> None:
        self.name = text.strip().lower()

    @cached_property
    def domain(self) -> Domain | None:
        """Looked up once, and only where it matters; None also where there is no hint."""
        return find_domain(self.name) if self.name else None


def step_for(name: str) -> Step | None:
    """The page that signs `name` in; None when no tenant owns its domain."""
    return _step_of(find_domain(name))


def _step_of(domain: Domain | None) -> Step | None:
    if domain is None:
        return None
    return Step.FEDERATE if domain.authentication == DomainAuthentication.FEDERATED else Step.PASSWORD


def step_after_hint(interaction: Interaction, asked: SignInRequest, hint: Hint) -> Step | None:
    """The page instead of IDENTIFY when the name is known already: typed, or named by the request.

    A federated name is taken on once only: when its provider cannot be reached, IDENTIFY lets the person choose.
    """
    typed = typed_name(interaction)
    if typed:
        return Step.PASSWORD if step_for(typed) is Step.PASSWORD else None
    if interaction.state.get("other_account"):
        return None
    name, step = hint.name, _step_of(hint.domain)
    if not name and asked.domain_hint and step_for(asked.domain_hint) is Step.FEDERATE:
        name, step = f"@{asked.domain_hint.strip().lower()}", Step.FEDERATE  # the provider there asks who it is
    if step is not None:
        remember_name(interaction, name)
    return step
