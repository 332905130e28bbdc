"""A tenant's directory as an application reads it, over real HTTP: what a test puts into it, page by page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from msgraph.client import GraphClient
from security.reading import Assessed, assessed_accounts

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PORTAL = "10000000-0000-4000-8000-000000000001"
Answer = tuple[int, Any]


def account_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass
class FakeTenant:
    """`groups` and `roles` hold ids of accounts, `nested` group → groups inside; `refused` pattern → status, code.

    `asked` are the calls, and `batched` what was asked inside of batches.
    """

    base: str = ""
    users: list[dict[str, Any]] = field(default_factory=list)
    security_defaults: bool = False
    policies: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, set[str]] = field(default_factory=dict)
    nested: dict[str, set[str]] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    per_user: dict[str, str] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    administrators: set[str] = field(default_factory=set)
    federations: dict[str, str | None] = field(default_factory=dict)
    sign_ins: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    applications: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown_filters: set[str] = field(default_factory=set)
    largest_page: int = 999
    asked: list[str] = field(default_factory=list)
    batched: list[str] = field(default_factory=list)

    def add(self, number: int, name: str, **values: Any) -> str:
        """An enabled member of contoso.example; returns the id."""
        key = account_id(number)
        self.users.append(
            {
                "id": key,
                "displayName": name.capitalize(),
                "userPrincipalName": f"{name}@contoso.example",
                "userType": "Member",
                "accountEnabled": True,
                "employeeType": "person",
            }
            | values
        )
        return key

    def add_policy(self, name: str, **parts: Any) -> None:
        """A policy: MFA for everybody and everything, but for the `users`, `applications`, `grant`, `conditions` …"""
        conditions = {
            "clientAppTypes": ["all"],
            "users": parts.pop("users", {"includeUsers": ["All"]}),
            "applications": parts.pop("applications", {"includeApplications": ["All"]}),
            "locations": None,
        } | parts.pop("conditions", {})
        grant = parts.pop("grant", {"operator": "OR", "builtInControls": ["mfa"]})
        policy = {"id": name, "displayName": name, "state": "enabled", "conditions": conditions, "grantControls": grant}
        self.policies.append(policy | parts)

    def signed_in(self, key: str, *, proven: bool, **values: Any) -> None:
        """The next older sign-in in the log, which is federated and succeeded."""
        name = next(user["userPrincipalName"] for user in self.users if user["id"] == key)
        step = {
            "authenticationMethod": "Federated",
            "authenticationMethodDetail": "MFA proven by the identity provider" if proven else None,
            "succeeded": True,
        }
        row = {
            "userId": key,
            "userPrincipalName": name,
            "status": {"errorCode": 0},
            "isFederated": True,
            "authenticationDetails": [step],
        }
        self.sign_ins.append(row | values)

    def paths(self) -> list[str]:
        return [urlsplit(path).path for path in self.asked]

    def answer(self, method: str, path: str, body: Any, authorization: str) -> Answer:
        self.asked.append(path)
        parts = urlsplit(path)
        if parts.path.endswith("/$batch"):
            return self._batch(parts.path.removesuffix("/$batch"), body)
        return self._one(parts.path, parts.query)

    def _one(self, path: str, query: str) -> Answer:
        for pattern, (status, code) in self.refused.items():
            if re.search(pattern, path):
                return status, {"error": {"code": code, "message": f"No: {code}"}}
        if any(name in unquote_plus(query) for name in self.unknown_filters):
            return 400, {"error": {"code": "BadRequest", "message": "Invalid filter clause"}}
        options = {name.removeprefix("$"): values[0] for name, values in parse_qs(query).items()}
        for pattern, act in _ROUTES.items():
            if match := re.fullmatch(pattern, path):
                found = act(self, *match.groups())
                return self._page(path, found, options) if isinstance(found, list) else found
        return 404, {"error": {"code": "Request_ResourceNotFound", "message": path}}

    def _page(self, path: str, rows: list[dict[str, Any]], options: dict[str, str]) -> Answer:
        if person := re.search(r"userId eq '([^']+)'", options.get("filter", "")):
            rows = [row for row in rows if row["userId"] == person[1]]
        if options.get("filter", "").startswith("id in ("):
            rows = [row for row in rows if f"'{row['id']}'" in options["filter"]]
        start, top = int(options.get("skiptoken", "0")), int(options.get("top", "100"))
        size = min(top, self.largest_page)
        page: dict[str, Any] = {"value": rows[start : start + size]}
        if start + size < len(rows):
            page["@odata.nextLink"] = f"{self.base}{path}?$top={top}&$skiptoken={start + size}"
        return 200, page

    def _batch(self, version: str, body: Any) -> Answer:
        responses = []
        for one in body["requests"]:
            path, _mark, query = one["url"].partition("?")
            self.batched.append(f"{version}{path}")
            status, answer = self._one(f"{version}{path}", query)
            responses.append({"id": one["id"], "status": status, "body": answer})
        return 200, {"responses": responses[::-1]}  # in any order

    def inside(self, group: str) -> set[str]:
        return self.groups[group].union(*(self.inside(one) for one in self.nested.get(group, ())))


def _ids(ids: Iterable[str], kind: str = "user") -> list[dict[str, Any]]:
    return [{"@odata.type": f"#microsoft.graph.{kind}", "id": one} for one in sorted(ids)]


def _unknown() -> Answer:
    return 404, {"error": {"code": "Request_ResourceNotFound", "message": "There is none."}}


def _in_group(tenant: FakeTenant, group: str) -> Any:
    return _ids(tenant.inside(group)) if group in tenant.groups else _unknown()


def _with_role(tenant: FakeTenant, role: str) -> Any:
    if role not in tenant.roles:
        return _unknown()
    holders = tenant.roles[role]
    return _ids(holders - tenant.groups.keys()) + _ids(holders & tenant.groups.keys(), "group")


_V1 = r"/v1\.0"
_ROUTES: dict[str, Callable[..., Any]] = {
    rf"{_V1}/users": lambda tenant: tenant.users,
    rf"{_V1}/policies/identitySecurityDefaultsEnforcementPolicy": lambda tenant: (
        200,
        {"isEnabled": tenant.security_defaults},
    ),
    rf"{_V1}/identity/conditionalAccess/policies": lambda tenant: tenant.policies,
    rf"{_V1}/groups/([^/]+)/transitiveMembers/microsoft\.graph\.user": _in_group,
    rf"{_V1}/directoryRoles\(roleTemplateId='([^']+)'\)/members": _with_role,
    rf"{_V1}/reports/authenticationMethods/userRegistrationDetails": lambda tenant: [
        {"id": key, "isMfaRegistered": key in tenant.registered, "isAdmin": key in tenant.administrators}
        for key in (user["id"] for user in tenant.users)
    ],
    rf"{_V1}/domains": lambda tenant: [
        {"id": "contoso.example", "authenticationType": "Managed"},
        *({"id": name, "authenticationType": "Federated"} for name in tenant.federations),
    ],
    rf"{_V1}/domains/([^/]+)/federationConfiguration": lambda tenant, name: [
        {"federatedIdpMfaBehavior": tenant.federations[name]}
    ],
    r"/beta/users/([^/]+)/authentication/requirements": lambda tenant, key: (
        200,
        {"perUserMfaState": tenant.per_user.get(key, "disabled")},
    ),
    r"/beta/auditLogs/signIns": lambda tenant: tenant.sign_ins,
    r"/beta/auditLogs/signIns/([^/]+)": lambda tenant, key: next(
        ((200, row) for row in tenant.sign_ins if row.get("id") == key), _unknown()
    ),
    r"/ours/receivedAnswers": lambda tenant: tenant.answers,
    rf"{_V1}/servicePrincipals": lambda tenant: [
        {"appId": key, "displayName": name} for key, name in tenant.applications.items()
    ],
}


def read(tenant: FakeTenant) -> dict[str, Assessed]:
    """Everybody by the first part of the sign-in name."""
    found = assessed_accounts(GraphClient(lambda: "a-token"), now=NOW)
    return {one.person.sign_in_name.partition("@")[0]: one for one in found}


def outcomes(tenant: FakeTenant) -> dict[str, Any]:
    """What enforces MFA for each, or what stands against it."""
    return {name: one.enforcement.by or one.enforcement.obstacle for name, one in read(tenant).items()}
