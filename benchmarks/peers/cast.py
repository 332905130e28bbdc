"""Who signs in where: the same people and the same application at each provider."""

import base64
import hashlib

TENANT_ID = "c0000000-0000-4000-8000-000000000003"
CLIENT_ID = "10000000-0000-4000-8000-00000000000a"
CLIENT_SECRET = "a-long-random-secret-of-the-benchmark"
REDIRECT_URI = "https://app.example/callback"
PASSWORD = "a password nobody has guessed"
PEOPLE = 200
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def person(number: int) -> str:
    return f"person{number % PEOPLE}@fabrikam.example"
