"""Guests: an account of another organization here is let into a tenant."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from entra.directory.administration.audit import DirectoryAction, record
from entra.directory.administration.refusals import Refusal, Refused
from entra.directory.languages import languages_of
from entra.directory.models import Tenant, User, UserType
from mailing.services import Letter, Mail, put_in_outbox


@transaction.atomic
def invite_guest(
    *, tenant: Tenant, address: str, actor: str, inviter: str, display_name: str = "", mail_link: str = ""
) -> User:
    """Return the guest account of whoever signs in with this address, made now unless it was there already.

    With `mail_link` the person is told, in the name of `inviter`, and the link leads them in. Raises Refused when the
    address is nobody's here, or one of the tenant's own.
    """
    home = _home_account(address)
    if home is None:
        raise Refused(Refusal.ADDRESS_UNKNOWN)
    if home.tenant_id == tenant.pk:
        raise Refused(Refusal.ADDRESS_IS_OWN)
    guest = User.objects.filter(tenant=tenant, home_account=home).first()
    if guest is None:
        guest = _create(tenant, home, display_name)
        record(DirectoryAction.USER_INVITED, guest, actor, home=home.user_principal_name)
    if mail_link:
        _mail(guest, tenant, inviter, mail_link)
    return guest


def _home_account(address: str) -> User | None:
    """By sign-in name first: it is unique, while anybody's mail address is only what their directory says."""
    homes = User.objects.filter(home_account=None).select_related("tenant")
    name = address.strip().lower()
    found = homes.filter(user_principal_name=name).first()
    by_mail = homes.filter(Q(mail__iexact=name), tenant__domains__name=name.rpartition("@")[2])
    return found or by_mail.order_by("created_at").first()


def _create(tenant: Tenant, home: User, display_name: str) -> User:
    # The class stays that of a person: it is this tenant that decides which accounts are for emergencies.
    domain = tenant.domains.filter(is_default=True).first() or tenant.domains.earliest("name")
    guest = User(
        tenant=tenant,
        user_principal_name=f"{home.user_principal_name.replace('@', '_')}#ext#@{domain.name}",
        display_name=display_name or home.display_name,
        given_name=home.given_name,
        surname=home.surname,
        mail=home.mail or home.user_principal_name,
        language=home.language,
        user_type=UserType.GUEST,
        home_account=home,
    )
    guest.set_unusable_password()
    try:
        with transaction.atomic():
            guest.save()
    except IntegrityError:  # invited by somebody else at this moment
        return User.objects.get(tenant=tenant, home_account=home)
    return guest


def _mail(guest: User, tenant: Tenant, inviter: str, link: str) -> None:
    organization = {"organization": tenant.display_name}

    def write() -> Letter:
        paragraphs = [
            _("Hello %(name)s,") % {"name": guest.display_name},
            _("%(inviter)s invited you to work with %(organization)s. You sign in with your own account.")
            % {"inviter": inviter, **organization},
            _("Open: %(address)s") % {"address": link},
            _("If you do not know %(organization)s, you can ignore this mail.") % organization,
        ]
        return Letter(_("You have been invited to %(organization)s") % organization, paragraphs)

    put_in_outbox([Mail(guest.mail, tenant.pk, languages_of(guest), write)])
