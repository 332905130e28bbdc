"""User accounts: members, and guests that point at their home account."""

import uuid
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from entra.directory.models.tenant import Tenant


class AccountClass(models.TextChoices):
    PERSON = "person"
    SERVICE = "service"
    ROOM = "room"
    BREAK_GLASS = "breakGlass"


class UserType(models.TextChoices):
    MEMBER = "Member"
    GUEST = "Guest"


def account_classes() -> list[tuple[str, str]]:
    return list(AccountClass.choices)


def user_types() -> list[tuple[str, str]]:
    return list(UserType.choices)


class User(AbstractBaseUser):
    """One account in one tenant. Its id is the `oid` of tokens for that tenant.

    A guest is an account of the resource tenant whose `home_account` is the account the person signs in with:
    events and methods belong to the home account, policy and roles to the guest's tenant.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="users")
    user_principal_name = models.CharField(max_length=320, unique=True, help_text="Lower case.")
    display_name = models.CharField(max_length=200)
    given_name = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100, blank=True)
    mail = models.EmailField(blank=True)
    language = models.CharField(max_length=16, blank=True, help_text="Last used in the browser; guest accounts follow.")
    user_type = models.CharField(max_length=8, choices=user_types, default=UserType.MEMBER)
    account_class = models.CharField(max_length=16, choices=account_classes, default=AccountClass.PERSON)
    account_enabled = models.BooleanField(default=True)
    home_account = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="guest_accounts"
    )
    sessions_valid_from = models.DateTimeField(null=True, blank=True, help_text="Older sessions and grants are void.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_login = None

    USERNAME_FIELD = "user_principal_name"
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "home_account"], name="one_guest_account_a_tenant"),
            models.CheckConstraint(
                condition=models.Q(user_principal_name=Lower("user_principal_name")),
                name="upn_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.user_principal_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's name for it
        return self.account_enabled

    @property
    def home(self) -> "User":
        """The account this person signs in with: the home account of a guest, else the account itself."""
        return self.home_account or self

    @property
    def domain_name(self) -> str:
        return self.user_principal_name.rpartition("@")[2]
