"""The token forge (the demo alone): what a developer may order, and the order as the provider takes it.

The provider makes the token, signs it and decides who may have it; the portal holds no key that anybody believes.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from msgraph.client import GraphClient, GraphRefused

ADMINISTRATORS = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN})
"""Who may have tokens for others and for applications; the provider asks its own directory."""
_PERSON, _APPLICATION, _PARTNER_CENTER, _OTHER, _NONE = "person", "application", "partner-center", "other", "none"
_DAY, _YEAR = 24 * 60, 366 * 24 * 60

_FLAWS = [
    (_NONE, _("Nothing: it is good")),
    ("expired", _("It expired an hour ago")),
    ("notYetValid", _("It becomes valid in an hour")),
    ("otherIssuer", _("Another issuer")),
    ("otherTenant", _("Another tenant, and a key that nobody publishes")),
    ("unsigned", _("Not signed: alg is none")),
    ("publicKeyAsSecret", _("HS256 with the public key as the secret")),
    ("unknownKey", _("A key that nobody publishes")),
    ("badSignature", _("A known key's name, and a wrong signature")),
]
_NO_ADDRESS = _("Enter an address that begins with https:// or api://.")
_REFUSALS: dict[str, tuple[str | None, Promise]] = {
    "Forge_Person": ("person", _("Nobody of this name can sign in to your organization.")),
    "Forge_Application": ("application", _("Your organization has no application of this ID.")),
    "Forge_Audience": ("other_audience", _NO_ADDRESS),
    "Forge_NoAppRole": (
        "application",
        _("No administrator granted the application a permission of Partner Center in your organization."),
    ),
    "Forge_AdministratorsOnly": (None, _("Only Global admins and Admin agents may have tokens made for others.")),
    "Unauthorized_MissingMFA": (None, _("The provider did not see you verify. Sign in again and verify.")),
}


class NotForged(Exception):
    """The provider makes no such token; the form says why where it can be told."""


class ForgeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Token of"),
        choices=[(_PERSON, _("A person (App+User)")), (_APPLICATION, _("The application itself (App-only)"))],
    )
    person = forms.CharField(
        label=_("Person"),
        max_length=254,
        required=False,
        help_text=_("User principal name. An application itself needs none."),
    )
    application = forms.UUIDField(
        label=_("Application ID"),
        initial=settings.API_COMMAND_LINE_CLIENT_ID,
        help_text=_("Of your organization, or one that it uses. The ID given is the demo's command-line client."),
        error_messages={"invalid": _("Enter the application's ID, such as 10000000-0000-4000-8000-000000000001.")},
    )
    version = forms.ChoiceField(label=_("Version"), choices=[("1.0", "v1"), ("2.0", "v2")])
    audience = forms.ChoiceField(
        label=_("Audience"),
        choices=[(_PARTNER_CENTER, _("Partner Center")), ("graph", "Microsoft Graph"), (_OTHER, _("Another API"))],
        help_text=_("With another audience than Partner Center the token permits nothing anywhere."),
    )
    other_audience = forms.RegexField(
        r"^(https|api)://[!-~]{1,200}$",
        label=_("Address of the other API"),
        required=False,
        error_messages={"invalid": _NO_ADDRESS},
    )
    amr = forms.ChoiceField(
        label=_("Methods (amr)"),
        choices=[(value, value) for value in ("pwd mfa", "pwd", "pwd otp mfa", "fido mfa", "fed mfa", "wia")]
        + [(_NONE, _("No such claim"))],
    )
    acr = forms.ChoiceField(label=_("Context (acr)"), choices=[("1", "1"), ("0", "0"), (_NONE, _("No such claim"))])
    proven_ago = forms.IntegerField(
        label=_("Minutes since the person proved who they are (auth_time)"), min_value=0, max_value=_YEAR, initial=0
    )
    lifetime = forms.IntegerField(label=_("Lifetime in minutes"), min_value=1, max_value=_DAY, initial=65)
    claims_challenges = forms.BooleanField(label=_("The client understands claims challenges (cp1)"), required=False)
    flaw = forms.ChoiceField(label=_("What is wrong with it"), choices=_FLAWS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        person, kind = self.fields["person"], self.fields["kind"]
        person.initial, kind.initial = user.user_principal_name, _PERSON
        person.disabled = kind.disabled = not ADMINISTRATORS & user.roles

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == _PERSON and not said.get("person"):
            self.add_error("person", gettext("Enter the person's user principal name."))
        if said.get("audience") == _OTHER and not said.get("other_audience") and "other_audience" not in self.errors:
            self.add_error("other_audience", gettext("Enter the address of the API."))
        return said

    def order(self) -> dict[str, Any]:
        """As the provider takes it. One's own name there can be another one than here, so it is left out."""
        said = self.cleaned_data
        own = said["person"].strip().lower() == self.user.user_principal_name.lower()
        return {
            "person": None if said["kind"] == _APPLICATION else "" if own else said["person"].strip(),
            "application": str(said["application"]),
            "version": said["version"],
            "audience": {_PARTNER_CENTER: "", _OTHER: said["other_audience"]}.get(said["audience"], said["audience"]),
            "amr": [] if said["amr"] == _NONE else said["amr"].split(),
            "acr": "" if said["acr"] == _NONE else said["acr"],
            "provenAgo": said["proven_ago"],
            "claimsChallenges": said["claims_challenges"],
            "lifetime": said["lifetime"],
            "flaw": "" if said["flaw"] == _NONE else said["flaw"],
        }


def forged(graph: GraphClient, form: ForgeForm) -> str:
    """Have the valid form's token made. Raises NotForged after saying why in the form, GraphUnavailable."""
    try:
        return str(graph.post("ours/forgedTokens", form.order())["token"])
    except GraphRefused as refused:
        field, why = _REFUSALS.get(refused.code, (None, _("The provider does not make this token.")))
        form.add_error(field, str(why))
        raise NotForged from refused
