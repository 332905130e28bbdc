"""The directory's sign-in log: who signed in with and without MFA, and why it was asked for or not (Q7)."""
