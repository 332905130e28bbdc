"""Contoso's directory over HTTP for the tests of user management: people, groups, roles, reports, and what is refused.

It answers the calls the portal makes as the real provider does, from lists in memory, and notes each of them.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.portal.accounts.users.conditions import meets

GLOBAL, BILLING, SECURITY = (
    "62e90394-69f5-4237-9190-012177145e10",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
)
ADMIN_AGENTS = "a0000000-0000-4000-8000-000000000011"
SALES_AGENTS = "a0000000-0000-4000-8000-000000000012"
HELPDESK_AGENTS = "a0000000-0000-4000-8000-000000000013"
TIER_1 = "a0000000-0000-4000-8000-0000000000f1"
NAMES = {
    ADMIN_AGENTS: "AdminAgents",
    SALES_AGENTS: "SalesAgents",
    HELPDESK_AGENTS: "HelpdeskAgents",
    TIER_1: "Tier 1 support",
    GLOBAL: "Global Administrator",
    BILLING: "Billing Administrator",
    SECURITY: "Security Administrator",
}


def user_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass
class FakeDirectory:
    """`members` by group id or role template; `nested` group → groups inside; `refuse` (method, pattern) → answer."""

    base: str = ""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in NAMES})
    nested: dict[str, set[str]] = field(default_factory=lambda: {HELPDESK_AGENTS: {TIER_1}})
    methods: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    signed_in: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    refuse: list[tuple[str, str, int, str]] = field(default_factory=list)
    down: bool = False
    batched: list[str] = field(default_factory=list)

    def add(self, number: int, name: str, upn: str, **values: Any) -> str:
        key = user_id(number)
        self.users[key] = {
            "id": key,
            "displayName": name,
            "userPrincipalName": upn,
            "mail": None,
            "userType": "Member",
            "accountEnabled": True,
            "employeeType": "person",
        } | values
        return key

    def writes(self) -> list[str]:
        changes = [(method, urlsplit(path).path) for method, path in self.asked if method != "GET"]
        return [f"{method} {path}" for method, path in changes if not path.endswith("/$batch")]

    def inside(self, group: str) -> set[str]:
        found = set(self.members[group])
        for other in self.nested.get(group, set()):
            found |= self.inside(other)
        return found

    def answer(self, method: str, target: str, body: Any, authorization: str = "") -> tuple[int, Any]:
        self.asked.append((method, target))
        self.bodies.append(body)
        return (503, {}) if self.down else self.act(method, target, body)

    def act(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(target)
        for verb, pattern, status, code in self.refuse:
            if verb == method and re.search(pattern, parts.path):
                return status, {"error": {"code": code, "message": f"No: {code}"}}
        query = {name.removeprefix("$"): values[0] for name, values in parse_qs(parts.query).items()}
        for verb, pattern, act in _ROUTES:
            if verb == method and (match := re.fullmatch(pattern, parts.path)):
                return act(self, query, body, *match.groups())
        return 404, _error("Request_ResourceNotFound")

    def rows(self, query: dict[str, str], people: list[dict[str, Any]], path: str) -> tuple[int, Any]:
        """One page of a collection: filter, order, a page, the next link."""
        kept = [row for row in people if meets(query.get("filter", ""), row)]
        name, _space, direction = query.get("orderby", "id").partition(" ")
        kept.sort(key=lambda row: str(row.get(name)), reverse=direction == "desc")
        start, top = int(query.get("skiptoken", "0")), int(query.get("top", "100"))
        answer: dict[str, Any] = {"value": kept[start : start + top]}
        if query.get("count") == "true":
            answer["@odata.count"] = len(kept)
        if start + top < len(kept):
            again = "&".join(f"${key}={quote(value)}" for key, value in query.items() if key != "skiptoken")
            answer["@odata.nextLink"] = f"{self.base}{path}?{again}&$skiptoken={start + top}"
        return 200, answer


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": f"No: {code}"}}


def _shape(directory: FakeDirectory, key: str) -> dict[str, Any]:
    return directory.users[key] | {"signInActivity": {"lastSignInDateTime": directory.signed_in.get(key)}}


def _users(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    return directory.rows(query, [_shape(directory, key) for key in directory.users], "/v1.0/users")


def _user(directory: FakeDirectory, query: dict[str, str], body: Any, name: str) -> tuple[int, Any]:
    wanted = unquote(name).lower()
    for key, row in directory.users.items():
        if wanted in {key, row["userPrincipalName"].lower()}:
            return 200, _shape(directory, key)
    return 404, _error("Request_ResourceNotFound")


def _patch(directory: FakeDirectory, query: dict[str, str], body: Any, key: str) -> tuple[int, Any]:
    directory.users[key] |= body
    return 204, b""


def _holders(directory: FakeDirectory, query: dict[str, str], body: Any, where: str) -> tuple[int, Any]:
    people = [_shape(directory, key) for key in directory.inside(where)]
    return directory.rows(query, people, f"/v1.0/groups/{where}/transitiveMembers/microsoft.graph.user")


def _members(directory: FakeDirectory, query: dict[str, str], body: Any, where: str) -> tuple[int, Any]:
    people = [_shape(directory, key) for key in directory.members[where]]
    return directory.rows(query, people, f"/v1.0/groups/{where}/members/microsoft.graph.user")


def _role_members(directory: FakeDirectory, query: dict[str, str], body: Any, where: str) -> tuple[int, Any]:
    people = [_shape(directory, key) for key in directory.members[where]]
    return directory.rows(query, people, f"/v1.0/directoryRoles(roleTemplateId='{where}')/members")


def _add(directory: FakeDirectory, query: dict[str, str], body: Any, where: str) -> tuple[int, Any]:
    key = body["@odata.id"].rsplit("/", 1)[1]
    if key in directory.members[where]:
        return 400, _error("ObjectReferenceAlreadyExists")
    directory.members[where].add(key)
    return 204, b""


def _remove(directory: FakeDirectory, query: dict[str, str], body: Any, where: str, key: str) -> tuple[int, Any]:
    if key not in directory.members[where]:
        return 404, _error("Request_ResourceNotFound")
    if where == GLOBAL and directory.members[where] == {key}:
        return 400, _error("LastGlobalAdministrator")
    directory.members[where].discard(key)
    return 204, b""


def _member_of(directory: FakeDirectory, query: dict[str, str], body: Any, key: str, all_: str) -> tuple[int, Any]:
    held = [one for one in NAMES if key in (directory.inside(one) if all_ else directory.members[one])]
    roles = {GLOBAL, BILLING, SECURITY}
    return 200, {
        "value": [
            {"id": f"role-{one}", "roleTemplateId": one, "displayName": NAMES[one]}
            if one in roles
            else {"id": one, "displayName": NAMES[one]}
            for one in held
        ]
    }


def _registrations(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    rows = [_registration_row(directory, key) for key in directory.users]
    return directory.rows(query, rows, "/v1.0/reports/authenticationMethods/userRegistrationDetails")


def _registration_row(directory: FakeDirectory, key: str) -> dict[str, Any]:
    user, methods = directory.users[key], directory.methods.get(key, [])
    return {
        "id": key,
        "userPrincipalName": user["userPrincipalName"],
        "userDisplayName": user["displayName"],
        "userType": user["userType"].lower(),
        "isMfaRegistered": bool(methods),
        "methodsRegistered": ["softwareOneTimePasscode"] if methods else [],
    }


def _registration(directory: FakeDirectory, query: dict[str, str], body: Any, key: str) -> tuple[int, Any]:
    return 200, _registration_row(directory, key)


def _methods(directory: FakeDirectory, query: dict[str, str], body: Any, key: str) -> tuple[int, Any]:
    password = {"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": "pw"}
    return 200, {"value": [password, *directory.methods.get(key, [])]}


def _remove_method(
    directory: FakeDirectory, query: dict[str, str], body: Any, key: str, kind: str, method: str
) -> tuple[int, Any]:
    directory.methods[key] = [one for one in directory.methods.get(key, []) if one["id"] != method]
    return 204, b""


def _sign_ins(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    row = {
        "createdDateTime": "2026-11-20T08:00:00Z",
        "appDisplayName": "Partner Center",
        "ipAddress": "203.0.113.9",
        "status": {"errorCode": 50126, "failureReason": "Wrong password."},
        "authenticationRequirement": "singleFactorAuthentication",
    }
    return 200, {"value": [row]}


def _evaluate(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    weighed = [
        {"rule": "perUserMfa", "applies": False, "why": "off"},
        {"rule": "policy:MFA for everybody", "applies": True, "why": "applies"},
    ]
    summary = {"outcome": "prompt", "step": "verify", "weighedRules": weighed, "registerBy": None}
    return 200, {"value": [], "@ours.summary": summary}


def _pass(directory: FakeDirectory, query: dict[str, str], body: Any, key: str) -> tuple[int, Any]:
    return 201, {"id": "pass-1", "temporaryAccessPass": "K7#pq2Vx"}


def _invite(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    key = directory.add(700, body["invitedUserDisplayName"] or "Guest", "guest#EXT#@contoso.example", userType="Guest")
    return 201, {"invitedUser": {"id": key}}


def _revoke(directory: FakeDirectory, query: dict[str, str], body: Any, key: str) -> tuple[int, Any]:
    return 200, {"value": True}


def _batch(directory: FakeDirectory, query: dict[str, str], body: Any) -> tuple[int, Any]:
    responses = []
    for one in body["requests"]:
        directory.batched.append(one["url"])
        status, answer = directory.act(one["method"], f"/v1.0{one['url']}", one.get("body"))
        responses.append({"id": one["id"], "status": status, "body": answer})
    return 200, {"responses": responses[::-1]}  # in any order


_ID = r"([0-9a-f-]{36})"
_ROLE = rf"/v1\.0/directoryRoles\(roleTemplateId='{_ID}'\)/members"
_GROUP = rf"/v1\.0/groups/{_ID}"
_REPORT = r"/v1\.0/reports/authenticationMethods/userRegistrationDetails"
_ROUTES: list[tuple[str, str, Any]] = [
    ("POST", r"/v1\.0/\$batch", _batch),
    ("GET", r"/v1\.0/users", _users),
    ("GET", r"/v1\.0/users/([^/]+)", _user),
    ("PATCH", rf"/v1\.0/users/{_ID}", _patch),
    ("GET", rf"{_GROUP}/transitiveMembers/microsoft\.graph\.user", _holders),
    ("GET", rf"{_GROUP}/members/microsoft\.graph\.user", _members),
    ("GET", _ROLE, _role_members),
    ("POST", rf"{_GROUP}/members/\$ref", _add),
    ("POST", rf"{_ROLE}/\$ref", _add),
    ("DELETE", rf"{_GROUP}/members/{_ID}/\$ref", _remove),
    ("DELETE", rf"{_ROLE}/{_ID}/\$ref", _remove),
    ("GET", rf"/v1\.0/users/{_ID}/(?:m|(t)ransitiveM)emberOf", _member_of),
    ("GET", _REPORT, _registrations),
    ("GET", rf"{_REPORT}/{_ID}", _registration),
    ("GET", rf"/v1\.0/users/{_ID}/authentication/methods", _methods),
    ("DELETE", rf"/v1\.0/users/{_ID}/authentication/(\w+)Methods/([\w-]+)", _remove_method),
    ("GET", r"/v1\.0/auditLogs/signIns", _sign_ins),
    ("POST", r"/beta/identity/conditionalAccess/evaluate", _evaluate),
    ("POST", rf"/v1\.0/users/{_ID}/authentication/temporaryAccessPassMethods", _pass),
    ("POST", r"/v1\.0/invitations", _invite),
    ("POST", rf"/v1\.0/users/{_ID}/revokeSignInSessions", _revoke),
]
