"""What the OpenAPI document promises, held against the running code with generated calls."""

import os
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.models import User
from accounts.roles import Role
from api.openapi import document
from api.registry import Edition
from tests.portal.api.conftest import Api

# A continuation token, a filter or a domain has rules that no schema can say: 400 may answer what the schema allows.
BEYOND_SCHEMAS = [positive_data_acceptance]
BASE = "http://localhost:8000"
described = {name: part for name, part in document(BASE, Edition.CURRENT).items() if name != "security"}
schema = schemathesis.openapi.from_dict(described)  # every call is authorized: who is not is the other tests' subject
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _the_tests_connection_stays_open() -> Iterator[None]:
    """Django closes old connections around a request, and with it the transaction that this test is undone by."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("SCHEMATHESIS_EXAMPLES", "12")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_generated_call_is_answered_as_described(
    case: schemathesis.Case, api: Api, alejandra: User, settings: Settings
) -> None:
    settings.API_CALLS_PER_MINUTE = 0
    alejandra.projected_roles = [role.value for role in Role]
    alejandra.save()
    authorized = {"Authorization": f"Bearer {api.token_of(alejandra)}"}
    case.call_and_validate(headers=authorized, excluded_checks=BEYOND_SCHEMAS)
