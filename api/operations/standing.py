"""What a partner states about a customer: qualifications, agreements, the spending budget."""

from decimal import Decimal
from functools import partial
from http import HTTPStatus

from api.call import Call
from api.customer import customer_of
from api.faults import bad_input, conflict
from api.forms import refusal_of
from api.money import minor, number
from api.operations import customers
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import standing as shapes
from api.structs.base import Collection, Link, Links
from billing.money import Money
from customers.agreements import TEMPLATES
from customers.forms import AgreementForm
from customers.models import Agreement, Customer, CustomerQualification, SpendingBudget, ValidationCode
from customers.models.agreement import AgreementType
from customers.models.qualification import Qualification
from customers.services.standing import (
    CodeUnusable,
    QualificationStands,
    confirm_agreement,
    request_qualification,
    set_budget,
    withdraw_qualifications,
)
from profiles.models import Kind
from profiles.services import profile_of

_NONE = "none"
# In the order of the numbers that older clients send.
_NUMBERED = (_NONE, Qualification.EDUCATION, Qualification.GOVERNMENT, Qualification.STATE_OWNED)
_LARGEST_BUDGET = 10**12
_IN_FORM = {
    "first_name": "primaryContact.firstName",
    "last_name": "primaryContact.lastName",
    "email": "primaryContact.email",
    "phone_number": "primaryContact.phoneNumber",
    "type": "type",
    "template_id": "templateId",
    "date_agreed": "dateAgreed",
}


def _qualifications(call: Call) -> list[shapes.Qualification]:
    return [_shown(each) for each in customer_of(call).qualifications.all()]


def _shown(row: CustomerQualification) -> shapes.Qualification:
    return shapes.Qualification(
        row.qualification,
        row.vetting_status,
        row.vetting_created_date,
        **({"vetting_reason": row.vetting_reason} if row.vetting_reason else {}),
    )


def _add_qualification(call: Call) -> shapes.Qualification:
    customer, body = customer_of(call), call.body(shapes.NewQualification)
    wanted = _named(body.qualification)
    if wanted is None:
        raise bad_input("qualification has to be a kind of customer; PUT qualification takes 'none'.", "qualification")
    return _shown(_requested(call, customer, wanted))


def _requested(call: Call, customer: Customer, wanted: Qualification) -> CustomerQualification:
    try:
        return request_qualification(user=call.caller, customer=customer, qualification=wanted, code=call.text("code"))
    except QualificationStands as error:
        raise conflict("The customer has this qualification, or it is in review.", "qualification") from error
    except CodeUnusable as error:
        raise bad_input(
            "code has to be one of your validation codes that is not used up; see customers/all/validations.", "code"
        ) from error


def _named(value: object) -> Qualification | None:
    """None for no qualification. Raises Fault."""
    by_name = {str(each).lower(): each for each in _NUMBERED}
    if type(value) is int and 0 <= value < len(_NUMBERED):
        found = _NUMBERED[value]
    elif isinstance(value, str) and value.lower() in by_name:
        found = by_name[value.lower()]
    else:
        raise bad_input(f"qualification has to be one of {', '.join(_NUMBERED)}.", "qualification")
    return found if isinstance(found, Qualification) else None


def _qualification(call: Call) -> str:
    """The newest, as one word."""
    newest = customer_of(call).qualifications.last()
    return newest.qualification.lower() if newest else _NONE


def _put_qualification(call: Call) -> str:
    customer, wanted = customer_of(call), _named(call.body(object))
    if wanted is None:
        withdraw_qualifications(user=call.caller, customer=customer)
        return _NONE
    return _requested(call, customer, wanted).qualification.lower()


def _codes(call: Call) -> list[shapes.ValidationCode]:
    return [
        shapes.ValidationCode(
            str(row.partner_id),
            row.organization_name,
            row.validation_id,
            row.max_creates,
            row.remaining_creates,
            f'W/"{row.remaining_creates}"',
        )
        for row in ValidationCode.objects.visible_to(call.caller)
    ]


def _templates(call: Call) -> Collection[shapes.AgreementMetaData]:
    wanted = _agreement_type(call)
    found = [
        shapes.AgreementMetaData(str(each.id), each.type.value, each.link)
        for each in TEMPLATES
        if wanted in {None, each.type}
    ]
    return Collection(total_count=len(found), items=found, links=Links(self_=Link(uri="/agreements")))


def _agreement_type(call: Call) -> AgreementType | None:
    """None for all of them. Raises Fault."""
    by_name = {each.value.lower(): each for each in AgreementType}
    wanted = call.text("agreementType").lower()
    if wanted in {"", "*"}:
        return None
    if wanted not in by_name:
        raise bad_input(f"agreementType has to be one of {', '.join(AgreementType.values)}, or *.", "agreementType")
    return by_name[wanted]


def _agreements(call: Call) -> Collection[shapes.Agreement]:
    customer, wanted = customer_of(call), _agreement_type(call)
    rows = customer.agreements.all() if wanted is None else customer.agreements.filter(type=wanted)
    found = [_agreement(row) for row in rows]
    own = Link(uri=f"/customers/{customer.tenant_id}/agreements")
    return Collection(total_count=len(found), items=found, links=Links(self_=own))


def _agreement(row: Agreement) -> shapes.Agreement:
    (link,) = (each.link for each in TEMPLATES if each.type == row.type)
    return shapes.Agreement(
        user_id=row.confirmed_by,
        primary_contact=shapes.Contact(row.first_name, row.last_name, row.email, row.phone_number),
        template_id=str(row.template_id),
        date_agreed=row.date_agreed,
        type=row.type,
        agreement_link=link,
    )


def _confirm(call: Call) -> shapes.Agreement:
    customer, body = customer_of(call), call.body(shapes.NewAgreement)
    contact = body.primary_contact
    form = AgreementForm(
        {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "email": contact.email,
            "phone_number": contact.phone_number,
            "type": body.type,
            "template_id": body.template_id,
            "date_agreed": body.date_agreed,
        }
    )
    if not form.is_valid():
        raise refusal_of(form, _IN_FORM)
    who = call.caller.user.oid if call.caller.user else call.caller.token.application_id
    agreement = confirm_agreement(user=call.caller, customer=customer, confirmed_by=who, values=form.cleaned_data)
    return _agreement(agreement)


def _budget(call: Call) -> shapes.SpendingBudget:
    return _shown_budget(customer_of(call))


def _shown_budget(customer: Customer) -> shapes.SpendingBudget:
    row = SpendingBudget.objects.filter(customer=customer).first()
    amount = number(Money(row.amount, row.currency_code)) if row else None
    own = Link(uri=f"/customers/{customer.tenant_id}/usagebudget")
    return shapes.SpendingBudget(amount=amount, usage_spending_budget=amount, links=Links(self_=own))


def _change_budget(call: Call) -> shapes.SpendingBudget:
    """In the currency that the partner is billed in."""
    customer, amount = customer_of(call), call.body(shapes.BudgetChange).amount
    if amount is not None and not 0 <= amount <= _LARGEST_BUDGET:
        raise bad_input(f"amount has to be from 0 to {_LARGEST_BUDGET}, or null for no budget.", "amount")
    currency = profile_of(call.caller, Kind.BILLING).billing_currency
    stored = None if amount is None else minor(Decimal(str(amount)), currency)
    set_budget(user=call.caller, customer=customer, amount=stored, currency=currency)
    return _shown_budget(customer)


_row = partial(Operation, subject=Subject.CUSTOMERS, auth=Auth.APP_USER)
_read = partial(_row, "GET", roles=customers.CUSTOMER_ROLES)
_write = partial(_row, roles=customers.SELLERS, auth_2021=Auth.APP_USER)
_CODE = Query("code", "One of the partner's validation codes; for government customers.")
_TYPE = Query("agreementType", "MicrosoftCustomerAgreement, MicrosoftCloudAgreement, or * for both.")

OPERATIONS = [
    _read(
        "customers/{customer_id}/qualifications",
        _qualifications,
        auth_2021=Auth.BOTH,
        summary="List a customer's qualifications",
        gives=list[shapes.Qualification],
    ),
    _write(
        "POST",
        "customers/{customer_id}/qualifications",
        _add_qualification,
        summary="Ask for a qualification of a customer",
        takes=shapes.NewQualification,
        gives=shapes.Qualification,
        status=HTTPStatus.CREATED,
        query=(_CODE,),
    ),
    _read(
        "customers/{customer_id}/qualification",
        _qualification,
        auth_2021=Auth.BOTH,
        summary="Get a customer's qualification",
        gives=str,
    ),
    _write(
        "PUT",
        "customers/{customer_id}/qualification",
        _put_qualification,
        summary="Set a customer's qualification, or none",
        takes=str | int,
        gives=str,
        query=(_CODE,),
    ),
    _read(
        "customers/all/validations",
        _codes,
        auth_2021=Auth.BOTH,
        summary="List the partner's validation codes",
        gives=list[shapes.ValidationCode],
    ),
    _row(
        "GET",
        "agreements",
        _templates,
        roles=roles("A S H B G"),
        auth_2021=Auth.APP_USER,
        summary="List the agreements that customers accept",
        gives=Collection[shapes.AgreementMetaData],
        query=(_TYPE,),
    ),
    _read(
        "customers/{customer_id}/agreements",
        _agreements,
        auth_2021=Auth.APP_USER,
        summary="List the agreements that a customer accepted",
        gives=Collection[shapes.Agreement],
        query=(_TYPE,),
    ),
    _write(
        "POST",
        "customers/{customer_id}/agreements",
        _confirm,
        summary="Confirm that a customer accepted an agreement",
        takes=shapes.NewAgreement,
        gives=shapes.Agreement,
        status=HTTPStatus.CREATED,
    ),
    _read(
        "customers/{customer_id}/usagebudget",
        _budget,
        auth_2021=Auth.BOTH,
        summary="Get a customer's spending budget",
        gives=shapes.SpendingBudget,
    ),
    _row(
        "PATCH",
        "customers/{customer_id}/usagebudget",
        _change_budget,
        roles=customers.SELLERS,
        auth_2021=Auth.BOTH,
        summary="Set a customer's spending budget, or null for none",
        takes=shapes.BudgetChange,
        gives=shapes.SpendingBudget,
    ),
]
