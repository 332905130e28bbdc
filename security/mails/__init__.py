"""Mails about the security requirements status: weekly, and when a figure falls below a threshold."""
