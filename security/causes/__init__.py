"""Why MFA was missing, per person and application: the rules, the facts they need, the findings, their words (Q5)."""
