"""The sign-in name typed in an interaction, before it is known whether such an account exists."""

from entra.signin.models import Interaction

_STATE = "sign_in_name"


def typed_name(interaction: Interaction) -> str:
    return str(interaction.state.get(_STATE) or "")


def remember_name(interaction: Interaction, name: str) -> None:
    interaction.state = {**interaction.state, _STATE: name}
    interaction.save(update_fields=["state"])


def forget_name(interaction: Interaction) -> None:
    remember_name(interaction, "")
