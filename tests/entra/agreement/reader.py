"""Somebody whom no rule touches, to ask the provider what it would decide."""

from datetime import datetime

from entra.apps.models import Application
from entra.apps.resources import graph
from entra.directory.models import AccountClass, Tenant, User
from entra.oauth.access_tokens import access_token
from entra.oauth.models import Grant
from entra.oauth.target import Target


def reader_token(tenant: Tenant, application: Application, at: datetime) -> str:
    """An access token of an administrator who is under no rule, so that every scene can be asked about."""
    reader = User.objects.create(
        tenant=tenant, user_principal_name="reader@stage.example", account_class=AccountClass.BREAK_GLASS
    )
    reader.role_assignments.create(role="62e90394-69f5-4237-9190-012177145e10")
    grant = Grant.objects.create(
        application=application, account=reader, tenant=tenant, version="2.0", acr="1", auth_time=at, created_at=at
    )
    target = Target(graph(), openid=(), permissions=("Policy.Read.All",), scope="Policy.Read.All")
    return access_token(grant, target, "1", at)
