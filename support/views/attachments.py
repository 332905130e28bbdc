from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from customers.http import PartnerRequest
from support.models import Attachment


@access_rule("customer-requests")
@require_safe
def attachment(request: PartnerRequest, request_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Always a download, never shown in place: whatever the file holds cannot run in this origin."""
    rows = Attachment.objects.visible_to(request.user).select_related("content")
    found = get_object_or_404(rows, pk=attachment_id, request_id=request_id)
    response = HttpResponse(bytes(found.content.data), content_type=found.content_type)
    disposition = content_disposition_header(as_attachment=True, filename=found.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
