"""Why MFA was missing, per person and application: the rules, the facts they need, what was found, and its words (Q5)."""
