from support.views.attachments import attachment
from support.views.changes import close_request, new_request, reopen_request, reply_to
from support.views.feed import health_feed
from support.views.health import incident_detail, incident_list
from support.views.moved import moved
from support.views.requests import request_detail, request_list

__all__ = [
    "attachment",
    "close_request",
    "health_feed",
    "incident_detail",
    "incident_list",
    "moved",
    "new_request",
    "reopen_request",
    "reply_to",
    "request_detail",
    "request_list",
]
