"""Change or show what a tenant demands of sign-ins, from the command line."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from entra.directory.methods import MethodKind
from entra.directory.models import Tenant, User
from entra.directory.services import find_tenant
from entra.federation.administration import set_mfa_behavior
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.oauth.home_trust import change_home_mfa_trust
from entra.policy import administration
from entra.policy.evaluate import Grant, PerUserMfaState
from entra.policy.services import allowed_methods, allows_password_grant, rules_of

ACTOR = "command line"
POLICY_NAME = "Require MFA"
EXAMPLES = """examples:
  set_policy contoso.example                                       show what the tenant demands
  set_policy contoso.example --security-defaults on
  set_policy contoso.example --require-mfa all --exclude breakglass@contoso.example
  set_policy contoso.example --require-mfa sales@contoso.example billing@contoso.example
  set_policy contoso.example --require-mfa none                    remove every policy that demands MFA
  set_policy fabrikam.example --per-user-mfa enforced --user john@fabrikam.example
  set_policy wingtipcloud.example --allow-methods authenticatorApp,securityKey
  set_policy wingtipcloud.example --custom-controls off
  set_policy wingtip.example --federated-mfa enforce
  set_policy contoso.example --home-mfa trusted
"""
BEHAVIORS = {"accept": MfaBehavior.ACCEPT, "enforce": MfaBehavior.ENFORCE, "reject": MfaBehavior.REJECT}


_SWITCHES: dict[str, tuple[Callable[..., object], str]] = {
    "security_defaults": (administration.set_security_defaults, "on"),
    "block_legacy_authentication": (administration.set_legacy_block, "on"),
    "password_grant": (administration.set_password_grant, "on"),
    "home_mfa": (change_home_mfa_trust, "trusted"),
}


class Command(BaseCommand):
    help = "Change what a tenant demands of sign-ins. Without an option the present state is shown."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", help="a verified domain of the tenant, or its id")
        parser.add_argument("--security-defaults", choices=["on", "off"])
        parser.add_argument(
            "--require-mfa", nargs="+", metavar="NAME", help="conditional access: all, none, or sign-in names"
        )
        parser.add_argument("--exclude", nargs="+", default=[], metavar="NAME", help="left out of --require-mfa")
        parser.add_argument("--per-user-mfa", choices=[state.value for state in PerUserMfaState])
        parser.add_argument("--user", nargs="+", default=[], metavar="NAME", help="whom --per-user-mfa is for")
        kinds = ", ".join(kind.value for kind in MethodKind)
        parser.add_argument(
            "--allow-methods",
            metavar="KINDS",
            help=f"methods policy: default, none, or a comma-separated list of {kinds}",
        )
        parser.add_argument("--block-legacy-authentication", choices=["on", "off"])
        parser.add_argument("--password-grant", choices=["on", "off"], help="applications may take passwords")
        parser.add_argument("--custom-controls", choices=["off"], help="remove every policy with a custom control")
        parser.add_argument("--federated-mfa", choices=list(BEHAVIORS), help="what is believed of the provider's MFA")
        parser.add_argument(
            "--home-mfa", choices=["trusted", "ignored"], help="MFA that guests did at their home organization"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = find_tenant(options["tenant"])
        if tenant is None:
            known = ", ".join(Tenant.objects.order_by("pk").values_list("domains__name", flat=True))
            raise CommandError(f"No tenant has the domain or id {options['tenant']}. Known domains: {known or 'none'}.")
        if options["exclude"] and not options["require_mfa"]:
            raise CommandError("--exclude belongs to --require-mfa, which is missing.")
        if bool(options["user"]) != bool(options["per_user_mfa"]):
            raise CommandError("--per-user-mfa and --user belong together.")
        with transaction.atomic():  # one mistake undoes the whole line
            _apply(tenant, options)
        self._show(tenant)

    def _show(self, tenant: Tenant) -> None:
        rules = rules_of(tenant)
        since = rules.security_defaults_since
        lines = [
            tenant.display_name,
            f"  security defaults: {f'on since {since:%Y-%m-%d %H:%M} UTC' if since else 'off'}",
            f"  methods allowed: {', '.join(sorted(allowed_methods(tenant))) or 'none'}",
            f"  legacy authentication: {'blocked' if rules.blocks_legacy_authentication else 'not blocked'}",
        ]
        lines.append(f"  guests' MFA at home: {'trusted' if tenant.trusts_home_mfa else 'ignored'}")
        lines.append(f"  password grant: {'allowed' if allows_password_grant(tenant) else 'off'}")
        lines += [f"  policy {row.name}: {row.grant.value}, {row.state.value}" for row in rules.policies]
        for user in User.objects.filter(tenant=tenant, per_user_mfa__isnull=False).select_related("per_user_mfa"):
            lines.append(f"  per-user MFA {user.user_principal_name}: {user.per_user_mfa.state}")
        for row in FederatedDomain.objects.filter(domain__tenant=tenant):
            lines.append(f"  federated {row.domain_id}: {row.issuer_uri}, {row.federated_idp_mfa_behavior}")
        self.stdout.write("\n".join(lines))


def _apply(tenant: Tenant, options: dict[str, Any]) -> None:
    for name, (change, on) in _SWITCHES.items():
        if options[name]:
            change(tenant=tenant, on=options[name] == on, actor=ACTOR)
    if options["require_mfa"]:
        _require_mfa(tenant, options["require_mfa"], options["exclude"])
    if options["per_user_mfa"]:
        state = PerUserMfaState(options["per_user_mfa"])
        administration.set_per_user_mfa(users=_users(tenant, options["user"]), state=state, actor=ACTOR)
    if options["allow_methods"] is not None:
        administration.set_allowed_methods(tenant=tenant, kinds=_kinds(options["allow_methods"]), actor=ACTOR)
    if options["custom_controls"]:
        administration.remove_policies(tenant=tenant, grant=Grant.CUSTOM_CONTROL, actor=ACTOR)
    if options["federated_mfa"]:
        changed = set_mfa_behavior(tenant=tenant, behavior=BEHAVIORS[options["federated_mfa"]], actor=ACTOR)
        if not changed:
            raise CommandError(f"{tenant.display_name} has no federated domain.")


def _require_mfa(tenant: Tenant, names: list[str], exclude: list[str]) -> None:
    if names == ["none"]:
        administration.remove_policies(tenant=tenant, grant=Grant.MFA, actor=ACTOR)
        return
    users = None if names == ["all"] else _users(tenant, names)
    administration.require_mfa(
        tenant=tenant, name=POLICY_NAME, users=users, excluded=_users(tenant, exclude), actor=ACTOR
    )


def _users(tenant: Tenant, names: list[str]) -> list[User]:
    found = {user.user_principal_name: user for user in User.objects.filter(tenant=tenant).select_related("tenant")}
    unknown = [name for name in names if name.lower() not in found]
    if unknown:
        raise CommandError(f"{tenant.display_name} has no user named {', '.join(unknown)}.")
    return [found[name.lower()] for name in names]


def _kinds(listed: str) -> list[MethodKind] | None:
    if listed == "default":
        return None
    names = [] if listed == "none" else [name.strip() for name in listed.split(",")]
    known = {kind.value for kind in MethodKind}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CommandError(f"Unknown methods: {', '.join(unknown)}. Known: {', '.join(sorted(known))}, none, default.")
    return [MethodKind(name) for name in names]
