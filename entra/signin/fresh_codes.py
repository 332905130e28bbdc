"""Recovery codes between their making and the person's word that they are saved: sealed, in the interaction."""

from entra.directory.methods.recovery import issue_recovery_codes
from entra.directory.models import User
from entra.signin.enrolment import Bench
from secretstore import SecretUnreadable, seal, unseal

_STATE = "fresh_codes"


def take_codes(bench: Bench, *, account: User) -> None:
    """Make new codes and keep them at hand for the next page."""
    _keep(bench, seal(" ".join(issue_recovery_codes(account=account)), purpose=_purpose(account)))


def codes_in_hand(bench: Bench, *, account: User) -> list[str]:
    """The codes made for this account; none when they are somebody else's."""
    sealed = bench.state.get(_STATE) or ""
    try:
        return unseal(sealed, purpose=_purpose(account)).split() if sealed else []
    except SecretUnreadable:
        return []


def put_away_codes(bench: Bench) -> None:
    if bench.state.get(_STATE):
        _keep(bench, "")


def _purpose(account: User) -> str:
    return f"fresh recovery codes of {account.pk}"


def _keep(bench: Bench, sealed: str) -> None:
    bench.state = {**bench.state, _STATE: sealed}
    bench.save(update_fields=["state"])
