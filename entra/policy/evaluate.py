"""What a tenant's policies demand of one sign-in: pure values in, a verdict and its reasons out (V12, V13)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Weighed:
    """One rule that was weighed, for the trace: `applies` says whether it took part, `why` is a stable reason key."""

    rule: str
    applies: bool
    why: str


@dataclass(frozen=True)
class Verdict:
    """The sum of all rules. `mfa` and `custom_controls` may both be demanded; `block` overrides everything."""

    block: bool = False
    mfa: bool = False
    custom_controls: tuple[str, ...] = ()
    register_by: datetime | None = None
    """Security defaults: registration may wait until then, and until then there is no challenge (V12)."""
    weighed: tuple[Weighed, ...] = ()
