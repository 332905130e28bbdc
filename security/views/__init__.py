from security.views.alerts import alert_detail, alert_list
from security.views.lists import (
    accounts,
    all_api_requests,
    api_requests,
    api_requests_file,
    portal_requests,
    portal_requests_file,
)
from security.views.report import metrics, recompute, status
from security.views.triage import note_alert, reopen_alert, resolve_alert, take_alert_up
from security.views.workspace import workspace

__all__ = [
    "accounts",
    "alert_detail",
    "alert_list",
    "all_api_requests",
    "api_requests",
    "api_requests_file",
    "metrics",
    "note_alert",
    "portal_requests",
    "portal_requests_file",
    "recompute",
    "reopen_alert",
    "resolve_alert",
    "status",
    "take_alert_up",
    "workspace",
]
