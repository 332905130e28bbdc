"""The provider's audit log is a chain of its own."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from activity.models import AuditSeal
from entra.directory.administration.roles import assign_role
from entra.directory.models import DirectoryRole, User


def verified(*arguments: str) -> list[str]:
    printed = StringIO()
    call_command("verify_audit", *arguments, stdout=printed)
    return printed.getvalue().splitlines()


def test_one_turn_of_the_providers_loop_seals_its_audit_log(john: User) -> None:
    assign_role(account=john, role=DirectoryRole.BILLING_ADMINISTRATOR, actor="test")
    call_command("loop", "--once")
    seal = AuditSeal.objects.get()
    assert seal.record.subject == str(john.pk)
    assert verified("--expect", f"1:{seal.digest}") == ["Sealed: 1", "Waiting: 0", f"Head: 1:{seal.digest}"]


def test_a_head_of_another_log_does_not_pass(john: User) -> None:
    assign_role(account=john, role=DirectoryRole.BILLING_ADMINISTRATOR, actor="test")
    call_command("loop", "--once")
    with pytest.raises(CommandError, match="not the one noted"):
        verified("--expect", f"1:{'ab' * 32}")
