from security.views.alerts import alert_detail, alert_list
from security.views.all_pages import all_pages
from security.views.asking import ask_list, ask_preview, ask_send
from security.views.causes import cause, causes
from security.views.federation import answer, federation, inspect
from security.views.lists import (
    accounts,
    all_api_requests,
    api_requests,
    api_requests_file,
    portal_requests,
    portal_requests_file,
)
from security.views.mail_links import confirm_mail, unsubscribe_mail
from security.views.mails import add_mail, ask_mail_again, mail_choices, mails, remove_mail
from security.views.report import metrics, recompute, status
from security.views.requirements import requirements
from security.views.sign_ins import sign_in_detail, sign_in_list
from security.views.triage import note_alert, reopen_alert, resolve_alert, take_alert_up
from security.views.what_if import what_if
from security.views.workspace import workspace

__all__ = [
    "accounts",
    "add_mail",
    "alert_detail",
    "alert_list",
    "all_api_requests",
    "all_pages",
    "answer",
    "api_requests",
    "api_requests_file",
    "ask_list",
    "ask_mail_again",
    "ask_preview",
    "ask_send",
    "cause",
    "causes",
    "confirm_mail",
    "federation",
    "inspect",
    "mail_choices",
    "mails",
    "metrics",
    "note_alert",
    "portal_requests",
    "portal_requests_file",
    "recompute",
    "remove_mail",
    "reopen_alert",
    "requirements",
    "resolve_alert",
    "sign_in_detail",
    "sign_in_list",
    "status",
    "take_alert_up",
    "unsubscribe_mail",
    "what_if",
    "workspace",
]
