"""The other provider and its directory, for pages that a sign-in or a look at the users ends in."""

from tests.portal.accounts.conftest import op
from tests.portal.accounts.users.conftest import people

__all__ = ["op", "people"]
