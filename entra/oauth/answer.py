"""Answers an authorize request at the application's redirect address."""

import base64
import json
import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from activity.prepared import delete
from entra.apps.models import Application
from entra.directory.models import User
from entra.keys.issuer import issuer
from entra.oauth.device_answer import answer_device
from entra.oauth.errors import OAuthError, correlation_id, description, error_uri
from entra.oauth.grants import issue_code
from entra.oauth.names import pairwise_subject
from entra.signin.decide import Decision, Issue, Refuse
from entra.signin.flows import SeeOther
from entra.signin.gather import Weighing
from entra.signin.models import Interaction
from entra.signin.network import client_ip
from entra.signin.sign_in_log import record_answer
from fluent.navigation import leave


def answer(
    request: HttpRequest, interaction: Interaction, weighing: Weighing, *, after_form: bool = False
) -> HttpResponse:
    """Send the code or the error that the decision stands for. The interaction ends here."""
    asked, decision = weighing.request, _for_the_subject_asked(weighing)
    if asked.device:
        return answer_device(request, interaction, weighing)
    # RFC 9207 wants `iss` in every answer: before an account is named it is the application's own tenant, as in errors.
    tenant_id = weighing.tenant.pk if weighing.tenant else Application.objects.get(pk=asked.client_id).tenant_id
    with transaction.atomic():  # what is handed out, its row in the log, and the end of the interaction
        fields = _fields(request, interaction, weighing, decision)
        record_answer(request, interaction, weighing, decision)
        if not interaction._state.adding:
            delete(Interaction, interaction.pk)  # answered once
    return _send(
        request,
        fields,
        redirect_uri=asked.redirect_uri,
        state=asked.state,
        mode=asked.response_mode,
        iss=issuer(tenant_id, asked.version),
        after_form=after_form,
    )


def _fields(request: HttpRequest, interaction: Interaction, weighing: Weighing, decision: Decision) -> dict[str, str]:
    if isinstance(decision, Issue) and weighing.account is not None and weighing.tenant is not None:
        code = issue_code(weighing, decision, ip=client_ip(request))
        fields = {"code": code, "session_state": str(interaction.session_id)}
        if weighing.request.client_info:
            fields["client_info"] = client_info(weighing.account)
        return fields
    if isinstance(decision, Refuse):
        return _error_fields(OAuthError(decision.error, decision.code), interaction.correlation_id)
    message = "Only an outcome can be answered"
    raise TypeError(message)


def _for_the_subject_asked(weighing: Weighing) -> Decision:
    """A code for somebody else than the request names is none (OIDC Core 5.5.1)."""
    wanted, account = weighing.request.expected_sub, weighing.account
    if wanted and isinstance(weighing.decision, Issue) and account is not None:
        subject = pairwise_subject(uuid.UUID(weighing.request.client_id), account.pk)
        return weighing.decision if subject == wanted else Refuse("login_required", 50058)
    return weighing.decision


def send_error(
    request: HttpRequest,
    error: OAuthError,
    *,
    redirect_uri: str,
    state: str | None,
    mode: str,
    tenant_id: uuid.UUID,
    version: str,
) -> HttpResponse:
    """Tell the application that its request was wrong. The redirect address has been checked before."""
    return _send(
        request,
        _error_fields(error, correlation_id(request)),
        redirect_uri=redirect_uri,
        state=state,
        mode=mode,
        iss=issuer(tenant_id, version),
        after_form=False,
    )


def client_info(account: User) -> str:
    """What Microsoft's client libraries key their token cache by: one person is one entry, in every tenant visited."""
    home = account.home
    raw = json.dumps({"uid": str(home.pk), "utid": str(home.tenant_id)}, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()


def _error_fields(error: OAuthError, correlation: uuid.UUID) -> dict[str, str]:
    stamp = timezone.now().strftime("%Y-%m-%d %H:%M:%SZ")
    found_by = f"Trace ID: {uuid.uuid4()} Correlation ID: {correlation} Timestamp: {stamp}"
    return {
        "error": error.error,
        "error_description": f"{description(error.code, error.detail)} {found_by}",
        "error_uri": error_uri(error.code),
    }


def _send(
    request: HttpRequest,
    fields: dict[str, str],
    *,
    redirect_uri: str,
    state: str | None,
    mode: str,
    iss: str,
    after_form: bool,
) -> HttpResponse:
    if state is not None:
        fields["state"] = state
    if iss:
        fields["iss"] = iss  # RFC 9207: the application can tell which provider answered
    if mode == "form_post":
        return _posted(request, redirect_uri, fields)
    address = _with_fields(redirect_uri, fields, fragment=mode == "fragment")
    if after_form:
        # The pages before this one were forms, and form-action would stop a redirect to another origin.
        return leave(request, address)
    response = SeeOther(address)
    response["Cache-Control"] = "no-store"
    return response


def _with_fields(address: str, fields: dict[str, str], *, fragment: bool) -> str:
    parts = urlsplit(address)
    encoded = urlencode(fields)
    if fragment:
        return urlunsplit(parts._replace(fragment=encoded))
    return urlunsplit(parts._replace(query=f"{parts.query}&{encoded}" if parts.query else encoded))


def _posted(request: HttpRequest, address: str, fields: dict[str, str]) -> HttpResponse:
    """A page whose form goes to the one address; a script presses the button, a person can (Form Post 1.0)."""
    parts = urlsplit(address)
    response: Any = render(
        request, "oauth/form_post.html", {"address": address, "fields": fields, "host": parts.netloc}
    )
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[no-any-return]
