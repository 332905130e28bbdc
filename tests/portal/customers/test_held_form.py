from collections.abc import Callable

import pytest
from django.test import Client

from accounts.held_posts import fields_of
from accounts.models import HeldPost, User
from customers.models import Customer
from tests.portal.customers.test_edit import ADD, FORM


@pytest.mark.requirement("M11")
def test_a_customer_form_that_meets_the_step_up_is_kept_whole_and_not_sent(
    client: Client, alejandra: User, sign_in: Callable[..., object]
) -> None:
    sign_in(client, alejandra, mfa=False)
    assert client.post(ADD, FORM).status_code == 403
    assert not Customer.objects.exists()
    held = HeldPost.objects.get()
    assert held.dropped == []
    assert dict(fields_of(held)) == FORM
