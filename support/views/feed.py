from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from support.models import ServiceIncident

NEWEST = 30


@access_rule("public")
@require_safe
@cache_control(public=True, max_age=60)
def health_feed(request: HttpRequest) -> HttpResponse:
    """The incidents as an Atom feed for feed readers, which cannot sign in (M16). Nothing in it names a partner."""
    feed = Atom1Feed(
        title=_("Service health"),
        link=_address("servicehealth:incidents"),
        description="",
        feed_url=_address("health-feed"),
    )
    for incident in ServiceIncident.objects.order_by("-last_updated_time", "-pk")[:NEWEST]:
        url = _address("servicehealth:incident", incident.number)
        feed.add_item(
            title=f"{incident.workload}: {incident.title} ({incident.get_status_display()})",
            link=url,
            description=incident.impact,
            unique_id=url,
            pubdate=incident.start_time,
            updateddate=incident.last_updated_time,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _address(name: str, *args: str) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=args)}"
