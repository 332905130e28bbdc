"""Forms that met a step-up: held sealed for ten minutes, shown again after it, sent only by the person."""

import base64
import json
import re
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.models import HeldPost, HeldUpload, PortalSession
from secretstore import SecretUnreadable, seal, unseal

HELD_FIELD = "_held"
KEPT_FOR = timedelta(minutes=10)
LARGEST_FORM = 256 * 1024
LARGEST_UPLOADS = 10 * 1024 * 1024
_PURPOSE = "held-post"
_KEPT_FORMS = 10
_LONGEST_NAME = 100
_SECRET = re.compile(
    r"password|passphrase|passcode|secret|(^|[_-])(token|otp|pin|key)$|(^|(otp|one_time|verification|recovery)_)code$",
    re.IGNORECASE,
)


class TooLargeToHold(Exception):
    """The form is bigger than what is kept for ten minutes; the person has to fill it in again."""


@transaction.atomic
def hold(request: HttpRequest, session: PortalSession) -> HeldPost:
    """Keep the form of this request for this session; secret fields are never stored. Raises TooLargeToHold."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    secret = {name for name, _ in fields if _SECRET.search(name) and name != "csrfmiddlewaretoken"}
    kept = [(name, value) for name, value in fields if not _SECRET.search(name) and name != HELD_FIELD]
    text = json.dumps(kept)
    uploads = [(name, upload) for name, files in request.FILES.lists() for upload in files]
    if len(text) > LARGEST_FORM or sum(upload.size or 0 for _, upload in uploads) > LARGEST_UPLOADS:
        raise TooLargeToHold
    if any(len(name) > _LONGEST_NAME or "\x00" in name for name, _ in uploads):
        raise TooLargeToHold  # no form of ours has such a field
    post = HeldPost.objects.create(
        session=session,
        path=request.get_full_path(),
        fields=seal(text, purpose=_PURPOSE),
        dropped=sorted(name.replace("\x00", "") for name in secret),  # PostgreSQL stores no NUL
        created_at=timezone.now(),
    )
    for name, upload in uploads:
        HeldUpload.objects.create(
            post=post,
            field=name,
            name=upload.name or "",
            content_type=(upload.content_type or "").replace("\x00", "")[:_LONGEST_NAME],
            content=seal(base64.b64encode(upload.read()).decode(), purpose=_PURPOSE),
        )
    _inherit_uploads(request, session, post)
    _make_room(session)
    return post


def _make_room(session: PortalSession) -> None:
    """Forget what is too old, and of this session all but the latest: nobody fills the disk with forms."""
    HeldPost.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    latest = session.held_posts.order_by("-created_at").values_list("pk", flat=True)[:_KEPT_FORMS]
    session.held_posts.exclude(pk__in=list(latest)).delete()


def _inherit_uploads(request: HttpRequest, session: PortalSession, post: HeldPost) -> None:
    """A held form that is sent before the verification succeeded is held again, with its drafts."""
    earlier = _named(request, session)
    if earlier is not None:
        earlier.uploads.update(post=post)
        earlier.delete()


def _named(request: HttpRequest, session: PortalSession) -> HeldPost | None:
    """Return the held form that this request sends: of this session, and for this very address."""
    try:
        return of_session(session).get(pk=UUID(request.POST.get(HELD_FIELD, "")), path=request.get_full_path())
    except (HeldPost.DoesNotExist, ValueError):
        return None


def of_session(session: PortalSession) -> "QuerySet[HeldPost]":
    return HeldPost.objects.filter(session=session, created_at__gte=timezone.now() - KEPT_FOR)


def fields_of(post: HeldPost) -> list[tuple[str, str]]:
    """Return the kept fields in the order they were sent. Raises SecretUnreadable."""
    return [(name, value) for name, value in json.loads(unseal(post.fields, purpose=_PURPOSE))]


def attach_uploads(request: HttpRequest) -> None:
    """Put the drafts of a held form back on the request that sends it at last, and forget the held form."""
    session = sessions.of(request)
    if session is None or request.method != "POST" or HELD_FIELD not in request.POST:
        return
    post = _named(request, session)
    if post is None:
        return
    for upload in post.uploads.all():
        with suppress(SecretUnreadable):  # the key is gone: the form goes without the file, and its page says so
            content = base64.b64decode(unseal(upload.content, purpose=_PURPOSE))
            request.FILES.appendlist(upload.field, SimpleUploadedFile(upload.name, content, upload.content_type))
    post.delete()
