"""A FIDO2 authenticator in software: makes the answers a browser would send (WebAuthn level 3, section 6)."""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class SoftwareKey:
    def __init__(self, *, verifies_user: bool = True, origin: str = "http://localhost:8001") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.verifies_user = verifies_user
        self.origin = origin
        self.counter = 0

    def create(self, options: str) -> str:
        asked = json.loads(options)
        data = self._data(asked["rp"]["id"], ATTESTED) + self._attested()
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {"attestationObject": b64(attestation), "clientDataJSON": b64(client), "transports": ["usb"]}
        )

    def get(self, options: str) -> str:
        asked = json.loads(options)
        self.counter += 1
        data = self._data(asked["rpId"], 0)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"authenticatorData": b64(data), "clientDataJSON": b64(client), "signature": b64(signature)}
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies_user else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _attested(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(cose)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, object]) -> str:
        identifier = b64(self.credential_id)
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": response})
