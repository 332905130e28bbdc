"""The lists of the admin center, declared."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entra.admincenter import words
from entra.directory.models import Domain, HardwareToken, RoleAssignment, Tenant, User
from entra.directory.services import accounts_of, without_password
from entra.policy.evaluate import PerUserMfaState
from entra.signin.models import SignIn
from fluent.listing import Column, Filter, Kind, Listing, Period


def sign_in_url(row: SignIn) -> str:
    return reverse("admincenter:sign_in", args=[row.pk])


def _applications(rows: QuerySet[SignIn]) -> Sequence[tuple[str, str]]:
    found = rows.order_by().values_list("application_id", "application_name").distinct()
    return sorted({str(pk): name or str(pk) for pk, name in found}.items(), key=lambda pair: pair[1])


def _since(rows: QuerySet[SignIn], days: str) -> QuerySet[SignIn]:
    return rows.filter(at__gte=timezone.now() - timedelta(days=int(days)))


SIGN_INS: Listing[SignIn] = Listing(
    name="sign-ins",
    caption=_("Sign-ins"),
    placeholder=_("Sign-in name"),
    search=("account__user_principal_name",),
    default_sort="-at",
    period=Period("at"),
    columns=[
        Column("at", _("Time"), lambda row: row.at, sort="at", kind=Kind.MOMENT),
        Column("user", _("Person"), lambda row: row.account or _("Unknown name"), link=sign_in_url),
        Column("application", _("Application"), lambda row: row.application_name or row.application_id),
        Column("ip", _("IP address"), lambda row: row.ip_address or "—"),
        Column(
            "result",
            _("Result"),
            lambda row: words.SIGN_IN_RESULTS[row.result],
            kind=Kind.BADGE,
            badge=lambda row: words.SIGN_IN_BADGES[row.result],
        ),
        Column("policies", _("Policies"), lambda row: words.POLICY_STATUSES[row.policy_status]),
        Column("mfa", _("MFA"), lambda row: _("Done") if row.mfa_satisfied else "—"),
        Column("code", _("Error code"), lambda row: row.error_code, shown=False),
        Column("amr", "amr", lambda row: " ".join(row.amr), shown=False),
        Column("protocol", _("Protocol"), lambda row: words.PROTOCOLS[row.protocol], shown=False),
        Column("client", _("Client"), lambda row: row.client_app, shown=False),
        Column("correlation", _("Correlation id"), lambda row: str(row.correlation_id), shown=False),
    ],
    filters=[
        Filter("result", _("Result"), "result", lambda rows: list(words.SIGN_IN_RESULTS.items())),
        Filter("application", _("Application"), "application_id", _applications),
        Filter("policies", _("Policies"), "policy_status", lambda rows: list(words.POLICY_STATUSES.items())),
        Filter("protocol", _("Protocol"), "protocol", lambda rows: list(words.PROTOCOLS.items())),
        Filter(
            "days",
            _("When"),
            "at",
            lambda rows: [("1", _("Last 24 hours")), ("7", _("Last 7 days")), ("30", _("Last 30 days"))],
            narrow=_since,
        ),
    ],
)


def _with_role(rows: QuerySet[User], held: str) -> QuerySet[User]:
    holds = Exists(RoleAssignment.objects.filter(user=OuterRef("pk")))
    return rows.filter(holds if held == "held" else ~holds)


GUESTS: Listing[User] = Listing(
    name="guests",
    caption=_("Guests"),
    placeholder=_("Sign-in name"),
    search=("home_account__user_principal_name",),
    default_sort="person",
    columns=[
        Column("person", _("Person"), lambda row: row.display_name, sort="display_name"),
        Column("name", _("Sign-in name"), lambda row: row.home.user_principal_name),
        Column(
            "roles",
            _("Roles"),
            lambda row: ", ".join(sorted(held.get_role_display() for held in row.role_assignments.all())) or "—",
        ),
        Column("account", _("Account"), lambda row: _("Can sign in") if row.account_enabled else _("Disabled")),
        Column("since", _("Guest since"), lambda row: row.created_at, sort="created_at", kind=Kind.MOMENT),
    ],
    filters=[
        Filter(
            "roles",
            _("Roles"),
            "roles",
            lambda rows: [("held", _("With a directory role")), ("none", _("Without a directory role"))],
            narrow=_with_role,
        ),
        Filter(
            "account",
            _("Account"),
            "account",
            lambda rows: [("on", _("Can sign in")), ("off", _("Disabled"))],
            narrow=lambda rows, state: rows.filter(account_enabled=state == "on"),
        ),
    ],
)


def people_with_state(tenant: Tenant) -> "QuerySet[User]":
    """The tenant's accounts with their state of per-user MFA; no row means disabled."""
    stated = Coalesce("per_user_mfa__state", Value(PerUserMfaState.DISABLED.value))
    return User.objects.filter(tenant=tenant).select_related("tenant").annotate(state=stated)


def _with_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    return rows.filter(state=state)  # type: ignore[misc]  # annotated


PER_USER: Listing[User] = Listing(
    name="per-user-mfa",
    caption=_("Per-user MFA"),
    placeholder=_("Sign-in name"),
    search=("user_principal_name",),
    default_sort="name",
    columns=[
        Column("person", _("Person"), lambda row: row.display_name, sort="display_name"),
        Column(
            "name",
            _("Sign-in name"),
            lambda row: row.user_principal_name,
            sort="user_principal_name",
            link=lambda row: reverse("admincenter:per_user_person", args=[row.pk]),
        ),
        Column(
            "state",
            _("State"),
            lambda row: words.PER_USER[row.state],  # type: ignore[attr-defined]  # annotated
            kind=Kind.BADGE,
            badge=lambda row: "neutral" if row.state == PerUserMfaState.DISABLED else "success",  # type: ignore[attr-defined]
        ),
        Column("account", _("Account"), lambda row: _("Can sign in") if row.account_enabled else _("Disabled")),
    ],
    filters=[Filter("state", _("State"), "state", lambda rows: list(words.PER_USER.items()), narrow=_with_state)],
)


def tokens_of(tenant: Tenant) -> "QuerySet[HardwareToken]":
    found = HardwareToken.objects.filter(tenant=tenant).select_related("tenant", "account")
    return found.annotate(folded_serial=Lower("serial_number"))


def _with_token_state(rows: QuerySet[HardwareToken], state: str) -> QuerySet[HardwareToken]:
    if state == "activated":
        return rows.filter(confirmed=True)
    return rows.filter(confirmed=False, account__isnull=state == "free")


TOKENS: Listing[HardwareToken] = Listing(
    name="hardware-tokens",
    caption=_("Tokens"),
    placeholder=_("Serial number or sign-in name"),
    search=("folded_serial", "account__user_principal_name"),
    default_sort="serial",
    columns=[
        Column(
            "serial",
            _("Serial number"),
            lambda row: row.serial_number,
            sort="serial_number",
            link=lambda row: reverse("admincenter:token", args=[row.pk]),
        ),
        Column("model", _("Model"), lambda row: f"{row.manufacturer} {row.model}".strip() or "—"),
        Column("account", _("Assigned to"), lambda row: row.account or "—"),
        Column(
            "state",
            _("State"),
            lambda row: _("Activated") if row.confirmed else _("Waiting"),
            kind=Kind.BADGE,
            badge=lambda row: "success" if row.confirmed else "neutral",
        ),
        Column("used", _("Last used"), lambda row: row.last_used_at, kind=Kind.MOMENT),
    ],
    filters=[
        Filter(
            "state",
            _("State"),
            "confirmed",
            lambda rows: [
                ("activated", _("Activated")),
                ("assigned", _("Assigned, waiting for its holder")),
                ("free", _("Assigned to nobody")),
            ],
            narrow=_with_token_state,
        )
    ],
)


def people_of(domain: Domain) -> "QuerySet[User]":
    """The domain's people, each with when a temporary access pass ends that can still be used."""
    usable = Q(temporary_pass__expires_at__gt=timezone.now()) & (
        Q(temporary_pass__usable_once=False) | Q(temporary_pass__used_at=None)
    )
    pass_ends = Case(When(usable, then="temporary_pass__expires_at"))
    return accounts_of(domain).select_related("tenant").annotate(pass_ends_at=pass_ends)


def _by_password(rows: QuerySet[User], has: str) -> QuerySet[User]:
    missing = without_password(rows)
    return missing if has == "no" else rows.exclude(pk__in=missing.order_by().values("pk"))


DOMAIN_PEOPLE: Listing[User] = Listing(
    name="people",
    caption=_("People"),
    placeholder=_("Sign-in name"),
    search=("user_principal_name",),
    default_sort="name",
    columns=[
        Column("person", _("Person"), lambda row: row.display_name, sort="display_name"),
        Column(
            "name",
            _("Sign-in name"),
            lambda row: row.user_principal_name,
            sort="user_principal_name",
            link=lambda row: reverse("admincenter:temporary_pass", args=[row.pk]),
        ),
        Column(
            "password",
            _("Password here"),
            lambda row: _("Yes") if row.has_usable_password() else _("No"),
            kind=Kind.BADGE,
            badge=lambda row: "success" if row.has_usable_password() else "warning",
        ),
        Column(
            "pass",
            _("Temporary access pass until"),
            lambda row: row.pass_ends_at,  # type: ignore[attr-defined]  # annotated
            kind=Kind.MOMENT,
        ),
        Column("account", _("Account"), lambda row: _("Can sign in") if row.account_enabled else _("Disabled")),
    ],
    filters=[
        Filter(
            "password",
            _("Password here"),
            "password",
            lambda rows: [("yes", _("Yes")), ("no", _("No"))],
            narrow=_by_password,
        )
    ],
)
