"""Recovery codes between their making and the person's word that they are saved: sealed, in the interaction."""

from entra.directory.methods.recovery import issue_recovery_codes
from entra.directory.models import User
from entra.signin.enrolment import Bench
from secretstore import SecretUnreadable, seal, unseal

_STATE = "fresh_codes"
_PURPOSE = "fresh recovery codes"


def take_codes(bench: Bench, *, account: User) -> None:
    """Make new codes and keep them at hand for the next page."""
    _keep(bench, seal(" ".join(issue_recovery_codes(account=account)), purpose=_PURPOSE))


def codes_in_hand(bench: Bench) -> list[str]:
    sealed = bench.state.get(_STATE) or ""
    try:
        return unseal(sealed, purpose=_PURPOSE).split() if sealed else []
    except SecretUnreadable:
        return []


def put_away_codes(bench: Bench) -> None:
    if bench.state.get(_STATE):
        _keep(bench, "")


def _keep(bench: Bench, sealed: str) -> None:
    bench.state = {**bench.state, _STATE: sealed}
    bench.save(update_fields=["state"])
