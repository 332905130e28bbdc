"""The verification examples (V1 to V4) as steps for people who test: what to do, what must be seen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Step:
    """`page` is the URL name of the page the step opens; a step whose feature is missing is not `available`."""

    do: Promise
    see: Promise
    page: str = ""
    available: bool = True


@dataclass(frozen=True)
class Example:
    """One tenant situation. `former_name` is the persona's name in the 2020 documents."""

    id: str
    title: Promise
    organization: str
    situation: Promise
    persona: str
    former_name: str
    account: str
    steps: tuple[Step, ...]

    @property
    def slug(self) -> str:
        return self.id.lower()


_PRIVATE_WINDOW = _("Open a new private window and go to Overview.")
_TO_SIGN_IN = _("The browser is sent to the identity provider, which asks for an account.")

V1 = Example(
    "V1",
    _("The provider's own MFA"),
    "Contoso",
    _("The organization requires multifactor authentication of all its users, done by the identity provider itself."),
    "Alejandra",
    "Jane",
    "alejandra@contoso.example",
    (
        Step(_PRIVATE_WINDOW, _TO_SIGN_IN, "overview"),
        Step(
            _("Enter the account and the password."),
            _("The provider asks for a second factor before anything else. The first time it has one registered."),
        ),
        Step(
            _("Enter the one-time code."),
            _("Overview opens. The account card says “Verified with MFA”."),
        ),
        Step(
            _("Open Customers, then Customer requests, then Billing."),
            _("Each opens with its figures and without another prompt."),
            "customers:list",
        ),
    ),
)

V2 = Example(
    "V2",
    _("Federated MFA that is recognized"),
    "Wingtip",
    _(
        "The organization's domain is federated. Its own identity provider checks the password and a second factor "
        "and says so in what it signs."
    ),
    "Prashob",
    "Trent",
    "prashob@wingtip.example",
    (
        Step(_PRIVATE_WINDOW, _TO_SIGN_IN, "overview"),
        Step(
            _("Enter the account."),
            _("No password is asked for here: the domain is recognized and Wingtip's own sign-in page opens."),
        ),
        Step(
            _("Enter the password and the code on Wingtip's page."),
            _("The browser comes back through the provider to Overview. The account card says “Verified with MFA”."),
        ),
        Step(
            _("Open Customers."),
            _("The list opens without another prompt: the proof of the organization's provider was accepted."),
            "customers:list",
        ),
        Step(
            _("Open the customer Contoso, then its service management, and add a user."),
            _("The user appears in Contoso's own directory."),
            available=False,
        ),
    ),
)

V3 = Example(
    "V3",
    _("No MFA implemented"),
    "Fabrikam",
    _("Nothing in the organization asks for multifactor authentication at sign-in."),
    "John",
    "John",
    "john@fabrikam.example",
    (
        Step(
            _("Open a new private window, go to Overview and sign in."),
            _("The password alone is enough. The account card says “Signed in without MFA”; figures are hidden."),
            "overview",
        ),
        Step(
            _("Open Customers."),
            _("The browser goes back to the provider, which asks for more information: no method is registered yet."),
            "customers:list",
        ),
        Step(
            _("Choose Next, pick a method, set it up and verify with it."),
            _("Customers opens. Other protected pages open without another prompt."),
        ),
        Step(
            _("On another day, in a new private window, sign in again."),
            _("The password alone is enough again: having registered does not turn MFA on at sign-in."),
            "overview",
        ),
        Step(
            _("Open Customers."),
            _("The provider asks for verification only, with no registration; then Customers opens."),
            "customers:list",
        ),
    ),
)

V4 = Example(
    "V4",
    _("Third-party MFA that is not recognized"),
    "Wingtip Cloud",
    _(
        "A custom control sends people to a third party's page. Whatever that page answers, it is no proof of "
        "multifactor authentication, and the organization allows none of the provider's own methods."
    ),
    "Trent",
    "Trent",
    "trent@wingtipcloud.example",
    (
        Step(_PRIVATE_WINDOW, _TO_SIGN_IN, "overview"),
        Step(
            _("Enter the account and the password, then approve on the third party's page."),
            _("Overview opens. The account card says “Signed in without MFA”."),
        ),
        Step(
            _("Open Customers."),
            _("The portal refuses: it says what was received, what is needed and how an administrator mends it."),
            "customers:list",
        ),
        Step(
            _("Open Billing, then Customer requests."),
            _("Both are refused in the same way. The account card says “MFA not recognized”."),
            "billing:invoices",
        ),
        Step(
            _("Choose Try again."),
            _("The provider is asked once more, and its answer is the same."),
        ),
        Step(
            _("Call the API as this user."),
            _("The call is refused with the same reason."),
            available=False,
        ),
        Step(
            _("Let an administrator allow one of the provider's methods, then choose Try again."),
            _("The provider has the method registered and verified; the page opens."),
        ),
    ),
)

EXAMPLES: tuple[Example, ...] = (V1, V2, V3, V4)
