"""What the tests of second factors share: policies, codes of the moment, an authenticator in software."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from casier.directory.models import Academy, Account
from casier.identity import sessions
from casier.identity.factors import actions, totp
from casier.identity.factors.models import Totp
from casier.identity.factors.vault import vault
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.published import SessionState
from casier.kernel.secret import Secret
from casier.policies.api import adopt, policy_for
from engines.portal_scene import COOKIE, ORIGIN
from unit.identity_people import BY, PASSWORD, person

SHOW = "/connexion/second-facteur/"
ENROL = "/connexion/second-facteur/inscrire/"
MANAGE = "/compte/second-facteur/"
ADD = "/compte/second-facteur/ajouter/"
CONFIRM = "/compte/confirmer/"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def ask(academy: Academy, **changed: Any) -> None:
    """Put a second factor policy in force; nothing else stands between the password and the mail."""
    policy = policy_for(academy)
    values: dict[str, Any] = {"requirement": "required", "contexts": (), "enrolment_days": 0, **changed}
    second = msgspec.structs.replace(policy.second_factor, **values)
    by_telephone = set(second.methods) <= {"sms", "voice", "recovery_codes"}
    quiet = msgspec.structs.replace(policy.activation, record_recovery=by_telephone)
    door = msgspec.structs.replace(policy.sign_in, passkeys="webauthn" in second.methods)
    lock = msgspec.structs.replace(policy.lock, on_unusual="ignore")
    recovery = msgspec.structs.replace(policy.recovery, check_days=0)
    wanted = msgspec.structs.replace(
        policy, second_factor=second, activation=quiet, lock=lock, recovery=recovery, sign_in=door
    )
    adopt(academy, wanted, by=BY, reason="tests", now=timezone.now())


@pytest.fixture
def paul(claire: Account) -> Account:
    """Claire's colleague."""
    return person(claire.academy, "Paul", "Durand", PASSWORD)


def enrolled(account: Account) -> Secret:
    """Give ACCOUNT an application of codes; its secret. No step of now is used up."""
    secret = totp.new_secret()
    now = timezone.now()
    row = actions.enrol_totp(account, "Téléphone", secret, totp.code_at(secret, now.timestamp()), BY, now)
    Totp.objects.filter(pk=row.pk).update(last_counter=0)
    return secret


def code_of(secret: Secret, steps: int = 0) -> str:
    return totp.code_at(secret, timezone.now().timestamp() + 30 * steps)


def secret_of(account: Account) -> Secret:
    row = Totp.objects.get(account=account)
    return vault().open(bytes(row.secret_sealed), account.public_id)


def post(browser: Client, address: str, **fields: str) -> Any:
    return browser.post(address, fields, secure=True)


def get(browser: Client, address: str) -> Any:
    return browser.get(address, secure=True)


def age_proof(browser: Client) -> None:
    """Make the last proof of this session older than any policy calls fresh."""
    key = published.session_key(sessions.digest_of(browser.cookies[COOKIE].value))
    state = SessionState.loads(str(redis().get(key)))
    state.data["terms"]["proved_at"] -= 7200
    redis().set(key, state.dumps())


def codes_in(page: Any) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page.content.decode())


@dataclass
class Authenticator:
    """A key in software (WebAuthn §6): what a browser and its authenticator would answer."""

    rp_id: str = "rouen.localhost"
    origin: str = ORIGIN
    verifies: bool = True
    counter: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any], **client: Any) -> str:
        """The answer to `navigator.credentials.create`."""
        self.handle = websafe_decode(options["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        data = self._data(PRESENT | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        told = self._client("webauthn.create", options["challenge"], **client)
        return self._written(
            clientDataJSON=websafe_encode(told),
            attestationObject=websafe_encode(attestation),
            transports=["internal"],
        )

    def show(self, options: dict[str, Any], **client: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        self.counter += 1
        data = self._data(PRESENT)
        told = self._client("webauthn.get", options["challenge"], **client)
        signed = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written(
            clientDataJSON=websafe_encode(told),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signed),
            userHandle=websafe_encode(self.handle),
        )

    def _data(self, flags: int) -> bytes:
        flags |= VERIFIED if self.verifies else 0
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, asked: str, **changed: Any) -> bytes:
        told = {"type": kind, "challenge": asked, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**told, **changed}).encode()

    def _written(self, **response: Any) -> str:
        name = websafe_encode(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def add_key(browser: Client, base: str, key: Authenticator, kind: str = "acces") -> Any:
    """Enrol KEY from the page below BASE."""
    options = post(browser, f"{base}cle/options/", genre=kind).json()
    return post(browser, f"{base}cle/", genre=kind, reponse=key.make(options))


def enter_by(browser: Client, key: Authenticator, **client: Any) -> Any:
    """Sign in by the passkey alone."""
    options = post(browser, "/connexion/passkey/options/").json()
    return post(browser, "/connexion/passkey/", reponse=key.show(options, **client))
