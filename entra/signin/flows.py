"""The interaction's way through the sign-in pages. Pages call these verbs and then `advance`.

`advance` asks `decide` and redirects (303, by GET) to the page of the next step. An answer or an error is given by
`entra.oauth`: at once after a form, else at `oauth:resume`, which decides again by itself.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

import msgspec
from django.db.models import CharField, DateTimeField
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from activity.prepared import Prepared
from entra.directory.models import Tenant, User
from entra.signin.decide import Ask
from entra.signin.gather import Weighing, weigh
from entra.signin.home_realm import step_after_hint
from entra.signin.method import Method, Source
from entra.signin.models import Interaction
from entra.signin.request import SignInRequest
from entra.signin.session import ensure_session, found_session, live_session, record_event, session_key_hash
from entra.signin.steps import Step
from entra.signin.typed_name import NO_NAME, keep

LIFETIME = timedelta(hours=1)


class InteractionLost(Http404):
    """No such interaction in this browser, or it has expired (AADSTS50089)."""


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by GET, also after a POST that carried a password (RFC 9700 4.12)."""

    status_code = HTTPStatus.SEE_OTHER


class Decided(SeeOther):
    """Nothing more is asked: to the answer. With what was weighed just now, for whoever can give it in this request."""

    def __init__(self, interaction: Interaction, weighing: Weighing) -> None:
        super().__init__(reverse("oauth:resume", args=[interaction.pk]))
        self.interaction, self.weighing = interaction, weighing


def draft_interaction(
    request: HttpRequest, *, asked: SignInRequest, tenant: Tenant | None, correlation_id: UUID
) -> Interaction:
    """A validated authorize request, bound to this browser, not stored yet: many are answered at once.

    `tenant` is None at common and organizations.
    """
    now = timezone.now()
    return Interaction(
        session=ensure_session(request),
        tenant=tenant,
        client_id=asked.client_id,
        request=msgspec.to_builtins(asked),
        correlation_id=correlation_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )


def load_interaction(request: HttpRequest, interaction_id: str) -> Interaction:
    """The interaction, if it belongs to this browser and has not expired. Raises InteractionLost (a 404)."""
    found: Interaction | None = _interaction.first(interaction_id, session_key_hash(request), timezone.now())
    if found is None:
        raise InteractionLost(interaction_id)
    found_session(request, found.session)
    return found


_WITH_INTERACTION = ("tenant", "account__tenant", "session__account__tenant")
_interaction = Prepared[Interaction](
    lambda pk, key_hash, now: Interaction.objects.select_related(
        "tenant", "account__tenant", "session__account__tenant"
    ).filter(live_session(key_hash, now, through="session__"), pk=pk, expires_at__gt=now),
    CharField(),
    CharField(),
    DateTimeField(),
)


def advance(request: HttpRequest, interaction: Interaction, weighing: Weighing | None = None) -> SeeOther:
    """Go to the page of the next step, or to the answer. `weighing` is given where it has just been done."""
    weighing = weighing or weigh(request, interaction)
    decision = weighing.decision
    if not isinstance(decision, Ask):
        return Decided(interaction, weighing)
    if decision.step is Step.FEDERATE and decision.mfa:
        note_federated_mfa_asked(interaction)
    hinted = step_after_hint(interaction, weighing.request, weighing.hint) if decision.step is Step.IDENTIFY else None
    return SeeOther(reverse(f"signin:{hinted or decision.step}", args=[interaction.pk]))


def expected(request: HttpRequest, interaction: Interaction, step: Step) -> tuple[Weighing, Ask] | None:
    """What is asked on this page, or None when the interaction stands elsewhere: then the page calls `advance`.

    Every step page asks this first, so that no page can be entered out of turn.
    """
    weighing = weigh(request, interaction)
    if isinstance(weighing.decision, Ask) and weighing.decision.step is step:
        return weighing, weighing.decision
    return None


def choose_account(interaction: Interaction, account: User) -> None:
    """The person typed or picked this home account; it is not proven by that. The name typed is done with."""
    interaction.account = account
    _note(interaction, other_account=False, **NO_NAME)


def use_another_account(interaction: Interaction) -> None:
    """Forget the account that is signed in and a name typed, for this interaction: IDENTIFY comes next."""
    interaction.account = None
    _note(interaction, other_account=True, **NO_NAME)


def prove(
    request: HttpRequest,
    interaction: Interaction,
    *,
    account: User,
    method: Method,
    source: Source = Source.LOCAL,
    user_verified: bool = False,
    proves_mfa: bool = False,
    device_id: str = "",
    at: datetime | None = None,
) -> None:
    """Record a proof by the home `account`, given for this interaction's tenant. `at` is now unless it says else."""
    session = record_event(
        request,
        account=account,
        method=method,
        source=source,
        user_verified=user_verified,
        proves_mfa=proves_mfa,
        device_id=device_id,
        at=at,
        resource_tenant=interaction.tenant or account.tenant,
    )
    interaction.session = session


def note_federated_mfa_asked(interaction: Interaction) -> None:
    """The person is being sent to the federated provider for MFA: it is asked once (V7). `advance` calls this."""
    _note(interaction, federated_mfa_asked_at=timezone.now().isoformat())


def consent(interaction: Interaction) -> None:
    """The person accepted the permissions shown. The grant itself is recorded by `entra.apps`."""
    # For this account only: whoever is signed in here later has accepted nothing.
    _note(interaction, consented=str(interaction.session.account_id))


def confirm_device(interaction: Interaction) -> None:
    """The person started this on a device of their own, and knows the application that is named."""
    _note(interaction, device_confirmed=True)


def cancel(interaction: Interaction, step: Step) -> None:
    """The person declined this step: the application gets `access_denied`."""
    second = step in {Step.VERIFY, Step.REGISTER, Step.CUSTOM_CONTROL}
    refuse(interaction, error="access_denied", code=500121 if second else 65004)


def refuse(interaction: Interaction, *, error: str, code: int) -> None:
    """A step failed for good: the application gets this OAuth error, explained by the AADSTS code."""
    _note(interaction, refused=[error, code])


def _note(interaction: Interaction, **facts: object) -> None:
    interaction.state = {**interaction.state, **facts}
    keep(interaction, "state", "account")
