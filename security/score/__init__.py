"""The security score: what a partner has to fulfil, what of it is met, and how many points that is worth (M6)."""
