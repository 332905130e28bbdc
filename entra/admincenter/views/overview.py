"""What protects the tenant, on one page."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entra.admincenter import people
from entra.admincenter.guard import Administrator, shown
from entra.policy.evaluate import PerUserMfaState, PolicyState
from entra.policy.models import ConditionalAccessPolicy, PerUserMfa, SecurityDefaults


@shown
def overview(request: HttpRequest, who: Administrator) -> HttpResponse:
    tenant = who.tenant
    policies = ConditionalAccessPolicy.objects.filter(tenant=tenant)
    states = Counter(policies.values_list("state", flat=True))
    everybody = people.enabled(tenant)
    enabled, registered = everybody.count(), people.registered(everybody).count()
    context = {
        "defaults": SecurityDefaults.objects.filter(tenant=tenant).first(),
        "per_user": PerUserMfa.objects.filter(user__tenant=tenant).exclude(state=PerUserMfaState.DISABLED).count(),
        "on": states[PolicyState.ON],
        "report_only": states[PolicyState.REPORT_ONLY],
        "off": states[PolicyState.OFF],
        "enabled": enabled,
        "registered": registered,
        "share": 100 * registered // enabled if enabled else 0,
        "emergencies": people.break_glass(tenant),
    }
    return render(request, "admincenter/overview.html", context)
