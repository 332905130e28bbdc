"""Where a sign-in name is signed in: its domain decides, never the account (home-realm discovery, V2).

Whether the account exists is not looked at before a password or an assertion has been given, so no page, redirect
or message can tell (ASVS 6.3.8).
"""

from entra.directory.models import DomainAuthentication
from entra.directory.services import find_domain
from entra.signin.models import Interaction
from entra.signin.request import SignInRequest
from entra.signin.steps import Step
from entra.signin.typed_name import remember_name, typed_name


def step_for(name: str) -> Step | None:
    """The page that signs `name` in; None when no tenant owns its domain."""
    domain = find_domain(name)
    if domain is None:
        return None
    return Step.FEDERATE if domain.authentication == DomainAuthentication.FEDERATED else Step.PASSWORD


def step_after_hint(interaction: Interaction, asked: SignInRequest) -> Step | None:
    """The page instead of IDENTIFY when the name is known already: typed, or named by the request.

    A federated name is taken on once only: when its provider cannot be reached, IDENTIFY lets the person choose.
    """
    typed = typed_name(interaction)
    if typed:
        return Step.PASSWORD if step_for(typed) is Step.PASSWORD else None
    if interaction.state.get("other_account"):
        return None
    name = asked.login_hint.strip().lower()
    if not name and asked.domain_hint and step_for(asked.domain_hint) is Step.FEDERATE:
        name = f"@{asked.domain_hint.strip().lower()}"  # the provider there asks who it is
    step = step_for(name) if name else None
    if step is not None:
        remember_name(interaction, name)
    return step
