"""`signInActivity` of users: when they signed in last. It has to be asked for by `$select`, by a reader of the log."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from entra.apps.permissions import GraphPermission as P
from entra.directory.models import User
from entra.graph.errors import GraphError
from entra.graph.moments import moment
from entra.graph.operation import Call, Need
from entra.signin.models import SignIn, SignInResult

ACTIVITY = "signInActivity"


def with_activity(call: Call, users: "QuerySet[User]") -> "QuerySet[User]":
    """The users with their latest sign-ins. Raises GraphError for those who may not read the log."""
    if P.AUDIT_LOG_READ_ALL.value not in call.caller.permissions or not call.caller.holds(Need.SECURITY):
        raise GraphError.denied(f"{ACTIVITY} needs the permission {P.AUDIT_LOG_READ_ALL} and the role of a reader.")
    latest = SignIn.objects.filter(account=OuterRef("pk")).order_by("-at").values("at")[:1]
    silent = SignIn.objects.filter(account=OuterRef("pk"), interactive=False).order_by("-at").values("at")[:1]
    well = SignIn.objects.filter(account=OuterRef("pk"), result=SignInResult.SUCCESS).order_by("-at").values("at")[:1]
    return users.annotate(
        last_sign_in=Subquery(latest), last_silent_sign_in=Subquery(silent), last_successful_sign_in=Subquery(well)
    )


def activity_of(user: User) -> dict[str, Any]:
    def at(name: str) -> str | None:
        found: datetime | None = getattr(user, name)
        return moment(found) if found else None

    return {
        "lastSignInDateTime": at("last_sign_in"),
        "lastNonInteractiveSignInDateTime": at("last_silent_sign_in"),
        "lastSuccessfulSignInDateTime": at("last_successful_sign_in"),
    }
