from security.views.lists import (
    accounts,
    all_api_requests,
    api_requests,
    api_requests_file,
    portal_requests,
    portal_requests_file,
)
from security.views.report import metrics, recompute, status

__all__ = [
    "accounts",
    "all_api_requests",
    "api_requests",
    "api_requests_file",
    "metrics",
    "portal_requests",
    "portal_requests_file",
    "recompute",
    "status",
]
