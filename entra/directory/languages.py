"""The language in which somebody is written to."""

from django.db.models import Q

from entra.directory.models import User

# Where nothing is known of the person, the organization's country says; elsewhere the settings' language stands.
_OF_COUNTRIES = {"JP": "ja", "RU": "ru", "BY": "ru", "KZ": "ru"}


def languages_of(account: User) -> tuple[str, ...]:
    """The languages known of a person, best first."""
    country = account.home.tenant.country_code
    return tuple(language for language in (account.language, _OF_COUNTRIES.get(country.upper())) if language)


def note_language(account: User, language: str) -> None:
    """Remember the language that the person of this home account uses in the browser."""
    if account.language != language:
        account.language = language
        User.objects.filter(Q(pk=account.pk) | Q(home_account=account)).update(language=language)
