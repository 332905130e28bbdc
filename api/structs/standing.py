"""What a partner states about a customer: qualifications, agreements, the spending budget."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Links, Shape


class Qualification(Shape, frozen=True):
    qualification: str
    vetting_status: str
    vetting_created_date: datetime
    vetting_reason: str | UnsetType = UNSET


class NewQualification(Shape, frozen=True):
    qualification: str


class ValidationCode(Shape, frozen=True):
    partner_id: str
    organization_name: str
    validation_id: str
    max_creates: int
    remaining_creates: int
    e_tag: str


class Contact(Shape, frozen=True):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone_number: str | None = ""


class AgreementMetaData(Shape, frozen=True):
    template_id: str
    agreement_type: str
    agreement_link: str
    version_rank: int = 0


class Agreement(Shape, frozen=True):
    user_id: str
    primary_contact: Contact
    template_id: str
    date_agreed: datetime
    type: str
    agreement_link: str


class NewAgreement(Shape, frozen=True):
    template_id: str
    date_agreed: str
    type: str
    primary_contact: Contact = Contact()


class SpendingBudget(Shape, frozen=True):
    """null: there is none."""

    amount: float | None
    usage_spending_budget: float | None
    links: Links
    attributes: Attributes = Attributes(object_type="SpendingBudget")


class BudgetChange(Shape, frozen=True):
    amount: int | float | None
