"""Fetching what a push missed (RFC 8936). The answer, with or without events, also says that none is missing."""

import logging
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from accounts.events.feed import events_are_current, heard
from accounts.events.refusals import error_code
from accounts.events.services import receive
from accounts.oidc.jwts import Rejection, TokenRejected
from accounts.oidc.provider import ProviderUnavailable, fetch

logger = logging.getLogger(__name__)
_MOST = 50


def poll_due() -> None:
    """One turn of the loop. While the provider does not answer, the pages that need it say so."""
    if not settings.SECURITY_EVENTS:
        return
    try:
        catch_up()
    except ProviderUnavailable as error:
        if events_are_current():  # said until the outage is known, not for as long as it lasts
            logger.warning("Security events cannot be fetched: %s", error)


def catch_up() -> int:
    """Fetch, apply and acknowledge until nothing waits; returns how many were news. Raises ProviderUnavailable.

    Events that had to be left waiting are missing: then the provider was not heard of.
    """
    acknowledged: list[str] = []
    refused: dict[str, dict[str, str]] = {}
    news = 0
    while True:
        sets = _fetch(acknowledged, refused)
        if not sets:
            heard()
        acknowledged, refused = [], {}
        for jti, raw in sets.items():
            try:
                news += receive(str(raw))
            except TokenRejected as rejected:
                logger.error("A security event was refused: %s", rejected.reason.value)
                if rejected.reason is not Rejection.KEY:  # a key we have not fetched yet is no fault of the event
                    refused[jti] = {"err": error_code(rejected.reason), "description": rejected.reason.value}
            else:
                acknowledged.append(jti)
        if not acknowledged and not refused:
            return news


def _fetch(acknowledged: list[str], refused: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    asked = {"maxEvents": _MOST, "returnImmediately": True, "ack": acknowledged, "setErrs": refused}
    headers = {"Authorization": f"Bearer {settings.EVENT_STREAM_SECRET}"}
    answer = fetch(
        lambda: requests.post(
            settings.EVENT_POLL_URL, json=asked, headers=headers, timeout=settings.OIDC_TIMEOUT, allow_redirects=False
        )
    )
    sets = answer.get("sets")
    if not isinstance(sets, dict):
        raise ProviderUnavailable("the answer holds no events")
    return sets
