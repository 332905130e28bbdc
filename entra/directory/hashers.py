"""How passwords and temporary passes are kept: argon2id at the least cost that OWASP's cheat sheet names."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane. Django's own 100 MiB on eight lanes let few people sign in at once."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
