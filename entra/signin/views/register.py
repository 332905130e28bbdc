"""More information required: register a verification method during sign-in (V3, V5, V10, V12).

Registration switches nothing on: it adds a method, and the proof given with it counts for this session only.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entra.directory.methods import MethodKind, has_method, registered_methods
from entra.directory.models import User
from entra.signin.enrolment import begin, set_up
from entra.signin.facts import SECOND_FACTORS
from entra.signin.flows import SeeOther, advance, expected, prove
from entra.signin.fresh_codes import codes_in_hand, put_away_codes, take_codes
from entra.signin.labels import labels
from entra.signin.method import Method
from entra.signin.models import Interaction
from entra.signin.security_info import FRESH
from entra.signin.session import put_off_registration, signed_in_account
from entra.signin.steps import Step
from entra.signin.views.pages import show, sign_in_page
from entra.signin.views.set_up import SetUpPage
from entra.signin.waiting import days_until


@require_safe
@sign_in_page
def more_information(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Page 1: why, until when it may wait, and Next."""
    account, kinds, until = _turn(request, interaction)
    if account is None:
        return advance(request, interaction)
    stuck = has_method(account) and not _verified_here(interaction, account)
    return show(
        request,
        "signin/register_stuck.html" if stuck else "signin/register.html",
        interaction,
        Step.REGISTER,
        identity=account.user_principal_name,
        kinds=labels(kinds),
        held=registered_methods(account),
        until=until,
        days_left=days_until(until) if until else None,
    )


@require_POST
@sign_in_page
def put_off(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Skip for now, while days to register are left."""
    _account, _kinds, until = _turn(request, interaction)
    if until is not None:
        put_off_registration(request)
    return advance(request, interaction)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def choose_method(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Page 2: the methods the organization allows."""
    account, kinds = _allowed_turn(request, interaction)
    if account is None:
        return advance(request, interaction)
    chosen = request.POST.get("method")
    if request.method == "POST" and chosen in kinds:
        begin(interaction, account=account, kind=MethodKind(chosen))
        return SeeOther(reverse("signin:register_set_up", args=[interaction.pk]))
    return show(
        request,
        "signin/register_method.html",
        interaction,
        Step.REGISTER,
        identity=account.user_principal_name,
        kinds=labels(kinds),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def set_up_method(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Page 3: set the method up and prove that it works; the proof is the verification of this sign-in."""
    account, kinds = _allowed_turn(request, interaction)
    if account is None:
        return advance(request, interaction)
    page = SetUpPage(request, interaction, account, kinds)
    if page.kind is None:
        return SeeOther(reverse("signin:register_method", args=[interaction.pk]))
    first = not has_method(account)
    done = page.finish() if request.method == "POST" else None
    if done is not None:
        prove(
            request,
            interaction,
            account=account,
            method=Method(done.kind),
            user_verified=done.user_verified,
            device_id=done.device_id,
        )
        if first:
            take_codes(interaction, account=account)
        return SeeOther(reverse("signin:register_done", args=[interaction.pk]))
    return show(
        request,
        "signin/register_set_up.html",
        interaction,
        Step.REGISTER,
        identity=account.user_principal_name,
        form=page.form,
        set_up=set_up(interaction, account=account),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def registered(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Done: recovery codes stay readable until Continue, then never again."""
    # Interactions stay with the browser when somebody else signs in there; the codes are not theirs.
    account = signed_in_account(request)
    codes = codes_in_hand(interaction, account=account) if account else []
    if request.method == "POST" or account is None or not codes:
        put_away_codes(interaction)
        return advance(request, interaction)
    text, identity = "\n".join(codes), account.user_principal_name
    return show(request, "signin/register_done.html", interaction, Step.REGISTER, identity=identity, codes_text=text)


def _turn(request: HttpRequest, interaction: Interaction) -> tuple[User | None, frozenset[MethodKind], datetime | None]:
    """Whose turn it is, the kinds that would do, and until when it may wait."""
    turn = expected(request, interaction, Step.REGISTER)
    if turn is None or turn[0].account is None:
        return None, frozenset(), None
    kinds = frozenset(MethodKind(method) for method in turn[1].methods)
    return turn[0].account.home, kinds, turn[1].put_off_until


def _allowed_turn(request: HttpRequest, interaction: Interaction) -> tuple[User | None, frozenset[MethodKind]]:
    """As `_turn`, but for nobody whose account has a method that was not used here.

    Otherwise a known password would be enough to add a method to a protected account, for example after the
    organization stopped allowing the one it has.
    """
    account, kinds, _until = _turn(request, interaction)
    if account is not None and has_method(account) and not _verified_here(interaction, account):
        return None, frozenset()
    return account, kinds


def _verified_here(interaction: Interaction, account: User) -> bool:
    # As fresh as any other change of security info has to be (M23).
    events = interaction.session.events.filter(account=account, at__gte=timezone.now() - FRESH)
    return events.filter(method__in=SECOND_FACTORS).exists() or events.filter(proves_mfa=True).exists()
