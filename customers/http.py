"""The request as every view behind the access middleware gets it."""

from django.http import HttpRequest

from accounts.models import User


class PartnerRequest(HttpRequest):
    """Only the middleware makes `user`: by the time a view runs it is a signed-in user of a partner tenant."""

    user: User
