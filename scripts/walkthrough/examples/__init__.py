"""The four verification examples, in the order of the documents."""

from scripts.walkthrough.examples.federated import FEDERATED
from scripts.walkthrough.examples.incompatible import INCOMPATIBLE
from scripts.walkthrough.examples.no_mfa import NO_MFA
from scripts.walkthrough.examples.own_mfa import OWN_MFA

EXAMPLES = (OWN_MFA, FEDERATED, NO_MFA, INCOMPATIBLE)
