"""What this provider does about MFA: changed on its settings page, kept in a file, first set by the environment."""

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum

from examples.wingtip import own


class Relay(StrEnum):
    """How the proof of MFA is passed on."""

    CLASS_REF = "authncontext"
    ATTRIBUTE = "attribute"
    SHORT_ATTRIBUTE = "attribute-short"
    NOT = "none"


class Verify(StrEnum):
    """When people are asked for a one-time code."""

    ALWAYS = "always"
    WHEN_ASKED = "when-asked"
    NEVER = "never"


@dataclass(frozen=True)
class Switches:
    relay: Relay = Relay.CLASS_REF
    verify: Verify = Verify.ALWAYS


def current() -> Switches:
    path = own.OWN_DIR / "switches.json"
    if path.exists():
        stored = json.loads(path.read_text())
        return Switches(Relay(stored["relay"]), Verify(stored["verify"]))
    relay = os.environ.get("WINGTIP_RELAY", Relay.CLASS_REF)
    verify = os.environ.get("WINGTIP_VERIFY", Verify.ALWAYS)
    return Switches(Relay(relay), Verify(verify))


def change(switches: Switches) -> None:
    draft = own.OWN_DIR / "switches.json.draft"
    draft.write_text(json.dumps(asdict(switches)))
    draft.replace(own.OWN_DIR / "switches.json")
