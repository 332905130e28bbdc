"""The other provider, for pages that a sign-in ends in."""

from tests.portal.accounts.conftest import op

__all__ = ["op"]
