import pytest

from accounts.models import User
from customers.purchase import Wanted
from customers.services import EditConflict
from customers.services.carts import create_cart, replace_lines
from tests.portal.business import make_customer
from tests.portal.catalog import E3, make_offer


def test_a_cart_that_was_overtaken_meanwhile_keeps_its_lines(alejandra: User) -> None:
    make_offer()
    cart = create_cart(user=alejandra, customer=make_customer(alejandra.tenant), lines=[Wanted(E3, 1)])
    replace_lines(user=alejandra, cart=cart, lines=[Wanted(E3, 2)], expected_version=1)
    with pytest.raises(EditConflict):
        replace_lines(user=alejandra, cart=cart, lines=[Wanted(E3, 3)], expected_version=1)
    assert cart.lines.get().quantity == 2
