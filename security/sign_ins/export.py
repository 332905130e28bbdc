"""The sign-ins of a list as rows of a file."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from msgraph.client import GraphClient, GraphRefused, GraphUnavailable, Page
from security.sign_ins.columns import COLUMNS
from security.sign_ins.row import sign_in_of

logger = logging.getLogger(__name__)
MOST = 10_000
Values = list[Any]


def rows_for_file(graph: GraphClient, path: str, asked: Mapping[str, str]) -> Iterator[Values]:
    """At most the newest 10,000, page after page; a last row says that it were more, or that the directory stopped.

    The first page is read at once: raises GraphUnavailable, GraphRefused.
    """
    return _rows(graph, path, graph.page(path, **asked))


def _rows(graph: GraphClient, path: str, page: Page) -> Iterator[Values]:
    left = MOST
    while True:
        for row in page.rows[:left]:
            yield [(column.plain or column.value)(sign_in_of(row)) for column in COLUMNS]
        more = bool(page.next) or len(page.rows) > left
        left -= len(page.rows)
        if not more:
            return
        if left <= 0:
            yield [_("Only the newest %(most)s are in this file. Narrow the period for others.") % {"most": MOST}]
            return
        try:
            page = graph.page(path, continued=page.next)
        except (GraphUnavailable, GraphRefused) as error:
            logger.warning("A file of sign-ins ends early: %s", error)
            yield [_("The directory stopped answering: this file is not complete.")]
            return
