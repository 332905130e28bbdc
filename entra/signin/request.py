"""What an authorize request asks for, validated and typed. Built by `entra.oauth`, read by `decide`."""

from enum import StrEnum

import msgspec


class Prompt(StrEnum):
    NONE = "none"
    LOGIN = "login"
    SELECT_ACCOUNT = "select_account"
    CONSENT = "consent"


class SignInRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """One authorize request (OIDC Core 3.1.2.1). Times are Unix seconds."""

    client_id: str
    redirect_uri: str
    requested_at: int
    version: str = "2.0"
    response_mode: str = "query"
    scope: tuple[str, ...] = ()
    resource: str = ""
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    prompt: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    login_hint: str = ""
    domain_hint: str = ""
    expected_oid: str = ""
    """The account an `id_token_hint` pins; another account is an error."""
    expected_sub: str = ""
    """The subject that `claims.id_token.sub` names; another subject is an error (OIDC Core 5.5.1)."""
    essential_acr: tuple[str, ...] = ()
    """Any one of these must be met, or the request ends in an error (OIDC Core 5.5.1.1)."""
    voluntary_acr: tuple[str, ...] = ()
    essential_amr: tuple[str, ...] = ()
    essential_acrs: tuple[str, ...] = ()
    """Authentication contexts (c1 to c25)."""
    device: str = ""
    """The key of the waiting device (RFC 8628) that is answered instead of a redirect address."""
    client_info: bool = False
    ui_locales: tuple[str, ...] = ()

    @property
    def is_essential(self) -> bool:
        """Whether an unmet authentication requirement ends the request."""
        return bool(self.essential_acr or self.essential_amr or self.essential_acrs)
