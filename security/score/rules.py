"""The requirements of the score and how they are weighed. Pure: figures in, points out.

The pass line of such scores is often unclear. So each rule says by itself whether it is mandatory, since which day it
counts, and in which version of the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from types import MappingProxyType

from accounts.roles import Program

VERSION = "2025-10"
PROMPT = timedelta(hours=24)
"""Within this time alerts are to be answered, on average over the last 30 days."""
_NONE: frozenset[Program] = frozenset()
_RESELLERS = frozenset({Program.CSP_INDIRECT_RESELLER})


class Requirement(StrEnum):
    ADMINS = "mfa-for-administrators"
    EVERYBODY = "mfa-for-everybody"
    ALERTS = "alerts-answered"
    CONTACT = "security-contact"
    BUDGETS = "customer-budgets"


class State(StrEnum):
    MET = "met"
    NOT_MET = "not-met"
    NO_DATA = "no-data"


class Duty(StrEnum):
    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    FUTURE = "future"
    """Shown beforehand; it counts nothing until its day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`spared` are the programs for which a mandatory rule is a recommendation."""

    requirement: Requirement
    points: int
    mandatory: bool
    since: date
    spared: frozenset[Program] = _NONE


_AUTHORIZATION = date(2025, 10, 1)
# fmt: off
RULES: tuple[Rule, ...] = (
    Rule(Requirement.ADMINS,    20, True,  _AUTHORIZATION),
    Rule(Requirement.EVERYBODY, 30, True,  date(2025, 9, 8)),
    Rule(Requirement.ALERTS,    20, True,  _AUTHORIZATION, _RESELLERS),
    Rule(Requirement.CONTACT,   10, True,  _AUTHORIZATION),
    Rule(Requirement.BUDGETS,   20, False, _AUTHORIZATION),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Share:
    """`done` of `all`."""

    done: int
    all: int

    @property
    def part(self) -> Decimal:
        return Decimal(self.done) / self.all if self.all else Decimal(1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known. None: the directory did not tell. `response` is None where there was no alert in 30 days."""

    admins: Share | None = None
    everybody: Share | None = None
    alerts: int = 0
    response: timedelta | None = None
    contact: bool = False
    budgets: Share = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    rule: Rule
    duty: Duty
    state: State
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """`points` of `most`: the sum over the rules that count."""

    rows: tuple[Weighed, ...]

    @property
    def counted(self) -> tuple[Weighed, ...]:
        return tuple(row for row in self.rows if row.duty is not Duty.FUTURE)

    @property
    def percent(self) -> Decimal:
        """0 to 100, with one decimal, never rounded up."""
        most = sum(row.rule.points for row in self.counted)
        return _cut(sum((row.points for row in self.counted), Decimal()) * 100 / most) if most else Decimal()

    @property
    def mandatory_met(self) -> bool:
        return all(row.state is State.MET for row in self.rows if row.duty is Duty.MANDATORY)


def weigh(figures: Figures, *, today: date, programs: frozenset[Program], rules: tuple[Rule, ...] = RULES) -> Score:
    """Return every rule with its points. A share gives its part of them; what is not known gives none."""
    parts = _parts(figures)
    return Score(tuple(_weighed(rule, parts[rule.requirement], today, programs) for rule in rules))


def _parts(figures: Figures) -> Mapping[Requirement, Decimal | None]:
    prompt = figures.response is None or figures.response <= PROMPT
    return MappingProxyType(
        {
            Requirement.ADMINS: figures.admins.part if figures.admins else None,
            Requirement.EVERYBODY: figures.everybody.part if figures.everybody else None,
            Requirement.ALERTS: Decimal(prompt),
            Requirement.CONTACT: Decimal(figures.contact),
            Requirement.BUDGETS: figures.budgets.part,
        }
    )


def _weighed(rule: Rule, part: Decimal | None, today: date, programs: frozenset[Program]) -> Weighed:
    state = State.NO_DATA if part is None else State.MET if part == 1 else State.NOT_MET
    return Weighed(rule, _duty(rule, today, programs), state, _cut(rule.points * (part or Decimal())))


def _duty(rule: Rule, today: date, programs: frozenset[Program]) -> Duty:
    if today < rule.since:
        return Duty.FUTURE
    spared = bool(programs & rule.spared) and not programs & _SELLING - rule.spared
    return Duty.MANDATORY if rule.mandatory and not spared else Duty.RECOMMENDED


_SELLING = frozenset({Program.CSP_DIRECT, Program.CSP_INDIRECT_PROVIDER, Program.CSP_INDIRECT_RESELLER})


def _cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_DOWN)
