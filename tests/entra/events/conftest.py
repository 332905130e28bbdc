from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt
import pytest

from entra.directory.models import Tenant, User
from entra.events.models import OutgoingEvent, Stream
from entra.events.services import add_stream
from tests.entra.conftest import make_user

AUDIENCE = UUID("10000000-0000-4000-8000-00000000000e")
SECRET = "a-long-random-stream-secret"
ENDPOINT = "https://portal.example/oidc/security-events"
CAEP = "https://schemas.openid.net/secevent/caep/event-type"
RISC = "https://schemas.openid.net/secevent/risc/event-type"


@pytest.fixture
def stream(db: None) -> Stream:
    return add_stream(audience=AUDIENCE, endpoint=ENDPOINT, secret=SECRET, actor="test")


@pytest.fixture
def told(stream: Stream) -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    """What waits in the outbox: name of the event, sign-in name of its account, facts."""

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        names = dict(User.objects.values_list("pk", "user_principal_name"))
        return [(one.type, names[one.account_id], one.facts) for one in OutgoingEvent.objects.all()]

    return read


@pytest.fixture
def guest_of_john(contoso: Tenant, john: User) -> User:
    return make_user(contoso, "john_fabrikam", user_type="Guest", home_account=john)


def unverified(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims
