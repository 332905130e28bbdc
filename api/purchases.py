"""Why something cannot be bought, in the API's codes and words."""

from http import HTTPStatus

from api.faults import Code, Fault
from customers.purchase import Problem
from customers.services.orders import LinesRefused

PROBLEMS: dict[Problem, tuple[Code, str]] = {
    Problem.UNKNOWN_ITEM: (Code.ITEM_UNKNOWN, "The catalog has no such item."),
    Problem.NOT_SOLD_HERE: (Code.NOT_FOR_SALE, "The item is not for sale in the customer's market."),
    Problem.BILLING_CYCLE: (Code.NOT_FOR_SALE, "The item is not sold with this billing cycle; see the SKU."),
    Problem.TERM: (Code.NOT_FOR_SALE, "The item is not sold for this term with this billing cycle."),
    Problem.QUANTITY: (Code.QUANTITY_NOT_SOLD, "The quantity is outside what the SKU allows."),
    Problem.BASE_MISSING: (
        Code.BASE_UNRELATED,
        "An add-on is bought for a subscription: put it into addonItems of its base, or name an existing one as"
        " ParentSubscriptionId in the provisioning context.",
    ),
    Problem.BASE_UNRELATED: (Code.BASE_UNRELATED, "The item is no add-on to that subscription."),
    Problem.BASE_NOT_ACTIVE: (Code.BASE_NOT_ACTIVE, "The subscription that the add-on adds to is not active."),
}


def not_served() -> Fault:
    return Fault(
        HTTPStatus.FORBIDDEN,
        Code.NO_RELATIONSHIP,
        "Nothing can be bought for this customer: the partner is not its reseller.",
    )


def lines_refused(error: LinesRefused, code: Code | None = None) -> Fault:
    """400 naming each line; its code is the first line's unless another is given."""
    said = [(quote.number, *PROBLEMS[quote.problem]) for quote in error.quotes if quote.problem is not None]
    return Fault(
        HTTPStatus.BAD_REQUEST,
        code or said[0][1],
        " ".join(f"Line {number}: {text}" for number, _code, text in said),
        data=tuple(f"lineItems[{number}]" for number, _code, _text in said),
    )
