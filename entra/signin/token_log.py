"""The sign-in log of what the token endpoint does with a person's credentials, without a page."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.directory.services import find_domain, find_home_account
from entra.policy.evaluate import Verdict
from entra.signin.decide import Decision, Issue, Refuse
from entra.signin.evidence import Evidence
from entra.signin.method import Method
from entra.signin.models import ClientApp, Protocol, SignInResult
from entra.signin.policy_results import results
from entra.signin.sign_in_log import harmless, keep, said, status_of, weighed

_MFA_REQUIRED = 50076
_TO_DO = frozenset({_MFA_REQUIRED, 50158, 65001})
"""The person has something to do first, at a page."""


@dataclass
class PasswordAttempt:
    """A request of the password grant, and how far it came."""

    name: str
    application: Application
    correlation: UUID
    tenant: Tenant | None = None
    """Whose address it was sent to, where that names one."""
    right: bool | None = None
    """Whether the password was right; None while it has not been looked at."""
    verdict: Verdict | None = None
    """What the policies say, once they were asked."""


@harmless
def record_password_grant(request: HttpRequest, attempt: PasswordAttempt, code: int = 0) -> None:
    """Tokens were issued for a password, or refused with the AADSTS `code` (V14).

    A name of no organization here is nobody's to read. One that nobody has is not kept: it may be a secret typed there.
    """
    domain, account = find_domain(attempt.name), find_home_account(attempt.name)
    if domain is None:
        return
    verdict = attempt.verdict or Verdict()
    amr = ["pwd"] if attempt.right else []
    decision: Decision = Refuse("invalid_grant", code)
    if not code:
        decision = Issue(Evidence(amr=("pwd",), auth_time=timezone.now()), ("pwd",), "1")
    # Whatever a report-only policy would ask for, nobody is there to be asked.
    found = results(
        verdict, decision, mfa=False, passed_controls=(), would=lambda _other: Refuse("access_denied", code)
    )
    keep(
        request,
        tenant_id=domain.tenant_id,
        account=account,
        home_tenant_id=domain.tenant_id,
        resource_tenant_id=attempt.tenant.pk if attempt.tenant else domain.tenant_id,
        application_id=attempt.application.pk,
        application_name=attempt.application.name,
        client_app=ClientApp.APPLICATION,
        protocol=Protocol.PASSWORD_GRANT,
        interactive=False,
        correlation_id=attempt.correlation,
        result=_result(code),
        error_code=code,
        amr=amr,
        proofs=[] if attempt.right is None else [said(Method.PASSWORD, succeeded=attempt.right)],
        mfa_required=verdict.mfa,
        policy_status=status_of(result for _one, result in found),
        weighed=[weighed(one, result) for one, result in found],
    )


@harmless
def record_refused_grant(
    request: HttpRequest,
    *,
    account: User,
    application: Application,
    amr: list[str],
    code: int,
    correlation: UUID,
    client_app: ClientApp,
    protocol: Protocol,
) -> None:
    """What stood for a sign-in was refused for its age, or for what happened to its account since."""
    mfa = "mfa" in amr
    keep(
        request,
        tenant_id=account.tenant_id,
        account=account,
        home_tenant_id=account.home.tenant_id,
        resource_tenant_id=account.tenant_id,
        application_id=application.pk,
        application_name=application.name,
        client_app=client_app,
        protocol=protocol,
        interactive=False,
        correlation_id=correlation,
        result=SignInResult.FAILURE,
        error_code=code,
        amr=amr,
        mfa_required=mfa or code == _MFA_REQUIRED,
        mfa_satisfied=mfa,
    )


def _result(code: int) -> SignInResult:
    if not code:
        return SignInResult.SUCCESS
    return SignInResult.INTERRUPTED if code in _TO_DO else SignInResult.FAILURE
