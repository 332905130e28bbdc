"""When the share of operations with MFA will be whole, if nothing else happens without it (Q1, Q3, Q4)."""

from collections.abc import Iterable
from datetime import date, timedelta

from activity.rollups import WINDOW_DAYS, Share

_STILL = timedelta(days=1)


def whole_on(days: Iterable[tuple[date, Share]], *, today: date, fixed: bool = False) -> date | None:
    """The day on which the last operation without MFA has left the window; `today` where none is in it.

    `days` is the window, as `rollups.share_by_day` returns it. None while such operations go on: there was one today
    or yesterday, unless what let them through has been put right since (`fixed`).
    """
    without = [day for day, share in days if share.with_mfa < share.operations]
    if not without:
        return today
    last = max(without)
    if not fixed and today - last <= _STILL:
        return None
    return last + timedelta(days=WINDOW_DAYS)
