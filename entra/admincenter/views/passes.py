"""A temporary access pass for somebody who has no password here, or no method yet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from entra.admincenter.forms.passes import PassForm
from entra.admincenter.guard import Administrator, Need, form_page
from entra.directory.administration import Refused
from entra.directory.methods.temporary_pass import issue_pass
from entra.directory.models import User


@form_page(need=Need.GLOBAL)
def temporary_pass(request: HttpRequest, who: Administrator, account_id: UUID) -> HttpResponse:
    """Make a pass and show it in this one answer; no page can show it again. Nobody makes one for themselves."""
    people = User.objects.filter(tenant=who.tenant, home_account=None).select_related("tenant")
    person = get_object_or_404(people, pk=account_id)
    form = PassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if person.pk == who.account.home.pk:
            form.add_error(None, _("A temporary access pass is made by another administrator."))
        else:
            try:
                issued, text = issue_pass(
                    account=person, lifetime=form.lifetime(), usable_once=form.cleaned_data["once"], actor=who.actor
                )
            except Refused:
                form.add_error(None, _("The person signs in at the organization's own provider, which needs no pass."))
            else:
                context = {"person": person, "issued": issued, "text": text}
                return render(request, "admincenter/pass_shown.html", context)
    return render(request, "admincenter/pass.html", {"form": form, "person": person})
