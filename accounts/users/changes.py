"""Changes of one person, made in the directory as the signed-in administrator: all of them or none.

What the directory accepted is written into the portal's projection in the same step, so that it is obeyed on the next
request (M22); each change is an audit record, and the person gets one mail about all of them.
"""

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

from django.conf import settings

from accounts.models import PartnerTenant
from accounts.users.acts import Act, Change
from accounts.users.assignment import members_path
from accounts.users.detail import methods_of
from accounts.users.person import Person
from accounts.users.records import record
from msgraph.client import GraphClient, GraphRefused, GraphUnavailable

_ALREADY_THERE = "ObjectReferenceAlreadyExists"
_ALREADY_THERE_AT_MICROSOFT = "One or more added object references already exist"
_OPPOSITE = {
    Act.ADD_ROLE: Act.REMOVE_ROLE,
    Act.REMOVE_ROLE: Act.ADD_ROLE,
    Act.ENABLE: Act.DISABLE,
    Act.DISABLE: Act.ENABLE,
}
# The methods an administrator can remove, by Graph type, and where they are found under `authentication/`.
_REMOVABLE = {
    "softwareOathAuthenticationMethod": "softwareOathMethods",
    "hardwareOathAuthenticationMethod": "hardwareOathMethods",
    "fido2AuthenticationMethod": "fido2Methods",
    "microsoftAuthenticatorAuthenticationMethod": "microsoftAuthenticatorMethods",
    "phoneAuthenticationMethod": "phoneMethods",
    "temporaryAccessPassAuthenticationMethod": "temporaryAccessPassMethods",
}


def carry_out(
    *,
    graph: GraphClient,
    tenant: PartnerTenant,
    actor: str,
    person: Person,
    changes: Sequence[Change],
    settle: Callable[[GraphRefused | None], None] = lambda refused: None,
) -> None:
    """Make the changes in the directory, then here. Doing it again changes nothing more in the directory.

    When the directory refuses one, those made before it are taken back and GraphRefused is raised; when it does not
    answer, GraphUnavailable: then nobody knows, and doing it again brings it to its end. `settle` stores the caller's
    own outcome (None, or the refusal) in the transaction of the audit records: neither is kept without the other.
    """
    ordered = sorted(changes, key=lambda change: list(Act).index(change.act))
    made: list[Change] = []
    for change in ordered:
        try:
            _make(graph, tenant, person, change)
        except GraphRefused as refused:
            _take_back(graph, tenant, person, made)
            final = [change for change in made if change.act not in _OPPOSITE]
            _keep(graph, tenant, actor, person, final, partial(settle, refused))
            raise
        made.append(change)
    _keep(graph, tenant, actor, person, made, partial(settle, None))


def _keep(
    graph: GraphClient,
    tenant: PartnerTenant,
    actor: str,
    person: Person,
    changes: Sequence[Change],
    settle: Callable[[], None],
) -> None:
    if changes:
        record(graph=graph, tenant=tenant, actor=actor, person=person, changes=changes, settle=settle)
    else:
        settle()


def _make(graph: GraphClient, tenant: PartnerTenant, person: Person, change: Change) -> None:
    match change.act:
        case Act.ADD_ROLE if change.role is not None:
            _add_member(graph, members_path(change.role, tenant), person)
        case Act.REMOVE_ROLE if change.role is not None:
            _remove_member(graph, members_path(change.role, tenant), person)
        case Act.ENABLE | Act.DISABLE:
            graph.patch(f"users/{person.id}", {"accountEnabled": change.act is Act.ENABLE})
        case Act.REQUIRE_REGISTRATION:
            _remove_methods(graph, person)
        case Act.REVOKE_SESSIONS:
            graph.post(f"users/{person.id}/revokeSignInSessions")


def _add_member(graph: GraphClient, path: str, person: Person) -> None:
    try:
        graph.post(f"{path}/$ref", {"@odata.id": f"{settings.GRAPH_URL}/v1.0/directoryObjects/{person.id}"})
    except GraphRefused as refused:
        if refused.code != _ALREADY_THERE and _ALREADY_THERE_AT_MICROSOFT not in refused.message:
            raise


def _remove_member(graph: GraphClient, path: str, person: Person) -> None:
    try:
        graph.delete(f"{path}/{person.id}/$ref")
    except GraphRefused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:  # already no member
            raise


def _remove_methods(graph: GraphClient, person: Person) -> None:
    for method in methods_of(graph, person.id):
        if method.kind in _REMOVABLE:
            try:
                graph.delete(f"users/{person.id}/authentication/{_REMOVABLE[method.kind]}/{method.id}")
            except GraphRefused as refused:
                if refused.status != HTTPStatus.NOT_FOUND:  # gone meanwhile
                    raise


def _take_back(graph: GraphClient, tenant: PartnerTenant, person: Person, made: Sequence[Change]) -> None:
    """Undo what was made, last first. Raises GraphUnavailable when that does not succeed: nothing is half done."""
    for change in reversed(made):
        opposite = _OPPOSITE.get(change.act)
        if opposite is None:
            continue
        try:
            _make(graph, tenant, person, Change(opposite, change.role))
        except GraphRefused as refused:
            raise GraphUnavailable(f"{change.act} could not be taken back") from refused
