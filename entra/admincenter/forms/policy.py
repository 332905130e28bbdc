"""A conditional access policy as a form, and as the arguments of `save_policy`."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.admincenter.applications import applications_of
from entra.admincenter.people import find_person
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.policy.evaluate import EVERYBODY, Grant
from entra.policy.models import ConditionalAccessPolicy, CustomControl, NamedLocation

TRUSTED = "trusted"
_ONE_A_LINE = _("One sign-in name a line. The word “all” means everybody.")
SIDES = ("include", "exclude")


class PolicyForm(forms.Form):
    """Without the state: a policy is switched on where the page shows whom it would lock out."""

    name = forms.CharField(label=_("Name"), max_length=120)
    include_users = forms.CharField(
        label=_("People"), help_text=_ONE_A_LINE, required=False, widget=forms.Textarea({"rows": 3})
    )
    include_groups = forms.CharField(
        label=_("Groups"), help_text=_("One name a line."), required=False, widget=forms.Textarea({"rows": 2})
    )
    include_roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, choices=DirectoryRole.choices, widget=forms.CheckboxSelectMultiple
    )
    include_guests = forms.BooleanField(label=_("All guests"), required=False)
    exclude_users = forms.CharField(
        label=_("Left out: people"), help_text=_ONE_A_LINE, required=False, widget=forms.Textarea({"rows": 2})
    )
    exclude_groups = forms.CharField(
        label=_("Left out: groups"), help_text=_("One name a line."), required=False, widget=forms.Textarea({"rows": 2})
    )
    exclude_roles = forms.MultipleChoiceField(
        label=_("Left out: roles"), required=False, choices=DirectoryRole.choices, widget=forms.CheckboxSelectMultiple
    )
    exclude_guests = forms.BooleanField(label=_("Left out: all guests"), required=False)
    include_applications = forms.MultipleChoiceField(
        label=_("Applications"), required=False, widget=forms.CheckboxSelectMultiple
    )
    exclude_applications = forms.MultipleChoiceField(
        label=_("Left out: applications"), required=False, widget=forms.CheckboxSelectMultiple
    )
    include_locations = forms.MultipleChoiceField(
        label=_("Networks"),
        help_text=_("None chosen means any network."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    exclude_locations = forms.MultipleChoiceField(
        label=_("Left out: networks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grant = forms.ChoiceField(label=_("What is demanded"), widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, tenant: Tenant, policy: ConditionalAccessPolicy | None = None, control: str = ""
    ) -> None:
        """`control`: the id of the custom control that a new policy is to begin with."""
        super().__init__(data, initial=_initial(policy) if policy else _NEW)
        self.tenant, self.policy = tenant, policy
        self._controls = {str(one.pk): one for one in CustomControl.objects.filter(tenant=tenant).order_by("name")}
        self._locations = {str(one.pk): one for one in NamedLocation.objects.filter(tenant=tenant).order_by("name")}
        places = [(TRUSTED, gettext("All trusted locations")), *((pk, one.name) for pk, one in self._locations.items())]
        self._offer("grant", self._grants())
        if control in self._controls:
            self.initial = {**self.initial, "grant": control}
        for side in SIDES:
            self._offer(f"{side}_locations", places)
            self._offer(f"{side}_applications", self._applications(side))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(choices)

    def _grants(self) -> list[tuple[str, str]]:
        return [
            (Grant.MFA.value, gettext("Multifactor authentication")),
            (Grant.BLOCK.value, gettext("Block")),
            *(
                (pk, gettext("The custom control “%(name)s”, which never counts as MFA") % {"name": control.name})
                for pk, control in self._controls.items()
            ),
        ]

    def _applications(self, side: str) -> list[tuple[str, str]]:
        """Those there are, and those the policy names already: saving it must not lose one."""
        known = {str(pk): name for pk, name in applications_of(self.tenant).values_list("pk", "name")}
        named: Sequence[str] = getattr(self.policy, f"{side}_applications") if self.policy else ()
        gone = {one: one for one in named if one != EVERYBODY and one not in known}
        return [(EVERYBODY, gettext("All applications")), *known.items(), *gone.items()]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = ConditionalAccessPolicy.objects.filter(tenant=self.tenant, name=name)
        if (others.exclude(pk=self.policy.pk) if self.policy else others).exists():
            raise forms.ValidationError(gettext("There is a policy of this name already."))
        return name

    def clean_include_users(self) -> list[str]:
        return self._people("include_users")

    def clean_exclude_users(self) -> list[str]:
        return self._people("exclude_users")

    def clean_include_groups(self) -> list[str]:
        return self._groups("include_groups")

    def clean_exclude_groups(self) -> list[str]:
        return self._groups("exclude_groups")

    def _people(self, field: str) -> list[str]:
        found = []
        for name in _lines(self.cleaned_data[field]):
            account = None if name.lower() == EVERYBODY else find_person(self.tenant, name)
            if account is None and name.lower() != EVERYBODY:
                raise forms.ValidationError(
                    gettext("Nobody in your organization signs in as “%(name)s”.") % {"name": name[:80]}
                )
            found.append(str(account.pk) if account else EVERYBODY)
        return list(dict.fromkeys(found))

    def _groups(self, field: str) -> list[str]:
        wanted = _lines(self.cleaned_data[field])
        rows = Group.objects.filter(tenant=self.tenant).values_list("pk", "display_name") if wanted else ()
        known = {name.casefold(): str(pk) for pk, name in rows}
        for name in wanted:
            if name.casefold() not in known:
                raise forms.ValidationError(
                    gettext("There is no group “%(name)s” in your organization.") % {"name": name[:80]}
                )
        return list(dict.fromkeys(known[name.casefold()] for name in wanted))

    def facts(self) -> dict[str, Any]:
        """The arguments of `save_policy`, without tenant, state and actor."""
        said = dict(self.cleaned_data)
        control = self._controls.get(said["grant"])
        said["grant"] = Grant.CUSTOM_CONTROL if control else Grant(said["grant"])
        said["custom_control"] = control
        for side in SIDES:
            chosen = said[f"{side}_locations"]
            said[f"{side}_trusted"] = TRUSTED in chosen
            said[f"{side}_locations"] = [self._locations[one] for one in chosen if one != TRUSTED]
        return said


_NEW = {"include_users": EVERYBODY, "include_applications": [EVERYBODY], "grant": Grant.MFA.value}


def _initial(policy: ConditionalAccessPolicy) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "name": policy.name,
        "grant": str(policy.custom_control_id) if policy.custom_control_id else policy.grant,
    }
    for side in SIDES:
        users: Sequence[str] = getattr(policy, f"{side}_users")
        groups = Group.objects.filter(tenant=policy.tenant_id, pk__in=getattr(policy, f"{side}_groups"))
        trusted = [TRUSTED] if getattr(policy, f"{side}_trusted") else []
        initial |= {
            f"{side}_users": "\n".join(_typed_names(policy, users)),
            f"{side}_groups": "\n".join(groups.order_by("display_name").values_list("display_name", flat=True)),
            f"{side}_roles": getattr(policy, f"{side}_roles"),
            f"{side}_guests": getattr(policy, f"{side}_guests"),
            f"{side}_applications": getattr(policy, f"{side}_applications"),
            f"{side}_locations": trusted + [str(one.pk) for one in getattr(policy, f"{side}_locations").all()],
        }
    return initial


def _typed_names(policy: ConditionalAccessPolicy, ids: Sequence[str]) -> list[str]:
    """As an administrator would type them; who is gone from the directory is left out."""
    people = User.objects.filter(tenant=policy.tenant_id, pk__in=[one for one in ids if one != EVERYBODY])
    names = people.order_by("user_principal_name").values_list("user_principal_name", flat=True)
    return [*([EVERYBODY] if EVERYBODY in ids else []), *names]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
