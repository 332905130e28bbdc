"""The sign-in name typed in an interaction, before it is known whether such an account exists."""

from activity.prepared import update
from entra.signin.models import Interaction

_STATE = "sign_in_name"
NO_NAME = {_STATE: ""}
"""What is noted when the name is done with."""


def typed_name(interaction: Interaction) -> str:
    return str(interaction.state.get(_STATE) or "")


def remember_name(interaction: Interaction, name: str) -> None:
    interaction.state = {**interaction.state, _STATE: name}
    keep(interaction, "state")


def keep(interaction: Interaction, *names: str) -> None:
    """Write these attributes, once the interaction is stored; one that is being drafted is stored whole later."""
    if not interaction._state.adding:
        update(interaction, *names)
