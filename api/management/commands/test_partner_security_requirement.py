"""Whether the account that signs in meets the partner security requirements (requirement Q8)."""

import json
import os
import sys
import webbrowser
from contextlib import suppress
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.oidc import device, provider, stepup
from accounts.oidc.jwts import TokenRejected
from api.requirement_check import Outcome, Reason, Result, assess, known_of, of_refusal, of_rejection, of_silence
from api.tokens import USER_SCOPE, read


class Command(BaseCommand):
    help = (
        "Sign in with a device code and tell whether the sign-in proves multifactor authentication, as the API asks."
        " Exit code 0: pass, 1: fail, 2: it could not be found out. The token is neither shown nor kept."
    )
    requires_system_checks = []  # it needs the provider alone, also where no portal is set up

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--client-id",
            default=settings.API_COMMAND_LINE_CLIENT_ID,
            help="the public application to sign in with (default: %(default)s)",
        )
        parser.add_argument("--tenant", help="id or domain of the tenant to sign in to (default: any)")
        parser.add_argument(
            "--demand-mfa",
            action="store_true",
            help="have the provider ask for multifactor authentication, to hear what it refuses",
        )
        parser.add_argument("--no-browser", action="store_true", help="only show the address, open no browser")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._check(options)
        except KeyboardInterrupt:
            result = _unknown(Reason.INTERRUPTED, "Interrupted before the sign-in was over.")
        try:
            self._tell(result, as_json=options["as_json"])
            self.stdout.flush()
        except OSError as unheard:  # a full disk, a reader that is gone: no result of the account
            self._unheard(unheard)
        if result.outcome is not Outcome.PASS:
            sys.exit(result.outcome.exit_code)

    def _check(self, options: dict[str, Any]) -> Result:
        try:
            tenant = None if options["tenant"] is None else provider.tenant_named(options["tenant"])
            started = device.start(
                client_id=options["client_id"],
                scope=f"{settings.API_AUDIENCES[0]}/{USER_SCOPE}",
                tenant=tenant,
                demands=_mfa() if options["demand_mfa"] else {},
            )
            self._show(started, open_browser=not options["no_browser"])
            token = read(device.access_token(started))
        except device.Refused as refused:
            return of_refusal(refused)
        except TokenRejected as rejected:
            return of_rejection(rejected.reason)
        except device.NoDeviceSignIn:
            return _unknown(Reason.NO_DEVICE_SIGN_IN, "The identity provider offers no sign-in by device code.")
        except provider.ProviderUnavailable as unavailable:
            return of_silence(unavailable, tenant=options["tenant"])
        return assess(token, tenant=tenant, known=known_of(token))

    def _show(self, started: device.Started, *, open_browser: bool) -> None:
        """On standard error: standard output holds the result alone."""
        minutes = started.expires_in // 60
        told = f"Open {started.address} in a browser and enter the code {started.user_code} within {minutes} minutes."
        self.stderr.write(_plain(told))
        self.stderr.flush()
        if open_browser and self.stderr.isatty() and started.address.startswith(("https://", "http://")):
            webbrowser.open(started.address)

    def _unheard(self, error: OSError) -> NoReturn:
        """End as an error. What is still buffered goes nowhere, or Python would fail on it again."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            self.stderr.write(_plain(f"ERROR: The result could not be printed: {error.strerror}."))
        sys.exit(Outcome.ERROR.exit_code)

    def _tell(self, result: Result, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_described(result)))
            return
        if result.outcome is Outcome.ERROR:
            self.stderr.write(_plain(f"ERROR: {result.message}"))
            return
        if result.outcome is Outcome.FAIL:
            self.stderr.write(_plain(f"WARNING: {result.message}"))
        self.stdout.write(result.outcome.value)
        self.stderr.write(_plain(f"Reason: {result.reason.value}{f' ({result.code})' if result.code else ''}."))
        if result.enrolled is None and result.token is not None:
            self.stderr.write("Whether the tenant is enrolled as a partner is not known on this machine.")
        if result.reason in {Reason.NO_MFA, Reason.NO_AMR}:
            self.stderr.write("Run it again with --demand-mfa to be asked to verify, or to hear why that is refused.")


def _mfa() -> dict[str, str]:
    """As the portal asks when it steps a session up."""
    return stepup.request_parameters(max_age=None, login_hint="", takes_claims=provider.metadata().takes_claims)


def _unknown(reason: Reason, message: str) -> Result:
    return Result(Outcome.ERROR, reason, message)


def _described(result: Result) -> dict[str, Any]:
    """For programs. What a token says of the account is there where a token was got and counts."""
    token = result.token
    claims = token.claims if token else {}
    return {
        "result": result.outcome.value,
        "reason": result.reason.value,
        "message": result.message,
        "providerCode": result.code or None,
        "user": claims.get("upn") or claims.get("unique_name"),
        "tenant": str(token.tenant_id) if token else None,
        "application": token.application_id if token else None,
        "amr": claims.get("amr"),
        "enrolled": result.enrolled,
    }


def _plain(text: str) -> str:
    """A line without control characters: parts of it come from elsewhere, and a terminal obeys some."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
