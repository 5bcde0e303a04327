"""Security keys and passkeys (WebAuthn level 3): what a browser is asked, and what its answer proves.

The relying party is that of the academy's row, the origins are those of its hosts on the port that browsers
use: nothing comes from the request's Host header. There is no way to leave out the check of the origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from casier.directory.models import Academy, Account, WebHost
from casier.identity.factors.models import WebAuthnKey
from casier.identity.factors.vault import vault
from casier.kernel.errors import CasierError
from casier.kernel.instance import Port
from casier.kernel.secret import Secret

HTTPS = 443
# No answer of an authenticator comes near.
LONGEST_ANSWER = 20_000
_TRANSPORTS = frozenset(transport.value for transport in AuthenticatorTransport)


class NotProved(CasierError):
    """The answer proves nothing; `why` is for the log."""

    code = "not_proved"


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked (JSON), and what must be remembered to judge its answer."""

    options: dict[str, Any]
    state: dict[str, str]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A credential that an authenticator has made."""

    credential_id: str
    credential: bytes
    aaguid: str
    sign_count: int
    transports: tuple[str, ...]
    is_passkey: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A credential that was shown: its signature, origin, party and challenge are right."""

    sign_count: int
    verified: bool  # the person, by finger, face or PIN
    is_backed_up: bool


def origins_of(academy: Academy) -> frozenset[str]:
    """The origins from which an answer may come."""
    instance = settings.CASIER_INSTANCE
    port = int(str(instance.settings.get("public_port", instance.port(Port.WEB))))
    ending = "" if port == HTTPS else f":{port}"
    hosts = WebHost.objects.filter(academy=academy).values_list("host", flat=True)
    return frozenset(f"https://{host}{ending}" for host in hosts)


def handle_of(account: Account) -> bytes:
    """What an authenticator knows the account by: it tells nothing, not even the account's id (§14.6.1)."""
    return bytes.fromhex(vault().mac(Secret("user handle"), account.public_id, "webauthn"))


def ask_new(account: Account, keys: Iterable[WebAuthnKey], address: str, *, passkey: bool) -> Question:
    """What makes a new credential: a passkey, or a security key to go with the password."""
    user = PublicKeyCredentialUserEntity(
        id=handle_of(account), name=address, display_name=account.person.full_name
    )
    options, state = _server(account.academy).register_begin(
        user,
        [_descriptor(key) for key in keys],
        resident_key_requirement=(
            ResidentKeyRequirement.REQUIRED if passkey else ResidentKeyRequirement.DISCOURAGED
        ),
        user_verification=(
            UserVerificationRequirement.REQUIRED if passkey else UserVerificationRequirement.DISCOURAGED
        ),
        extensions={"credProps": True},
    )
    return Question(_plain(options["publicKey"]), {**_kept(state), "passkey": "yes" if passkey else ""})


def judge_new(academy: Academy, state: Mapping[str, str], answer: str) -> NewKey:
    """The credential that ANSWER brings. Raises NotProved."""
    _asked(state)
    try:
        fields = _parsed(answer)
        registration = RegistrationResponse.from_dict(fields)
        data = _server(academy).register_complete(dict(state), registration)
        known = fields["response"].get("transports") or []
        transports = tuple(sorted(_TRANSPORTS & {str(name) for name in known}))
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, NotImplementedError) as error:
        raise NotProved(str(error)) from error
    credential = data.credential_data
    if credential is None or registration.raw_id != credential.credential_id:
        raise NotProved("another credential")
    return NewKey(
        credential_id=registration.id,
        credential=bytes(credential),
        aaguid=str(credential.aaguid),
        sign_count=data.counter,
        transports=transports,
        is_passkey=bool(state["passkey"]) and data.is_user_verified(),
        is_backed_up=data.is_backed_up(),
    )


def ask(academy: Academy, keys: Iterable[WebAuthnKey] | None) -> Question:
    """What shows one of KEYS; None: any passkey of this academy, which then has to stand alone."""
    need = UserVerificationRequirement.REQUIRED if keys is None else UserVerificationRequirement.PREFERRED
    listed = None if keys is None else [_descriptor(key) for key in keys]
    options, state = _server(academy).authenticate_begin(listed, user_verification=need)
    return Question(_plain(options["publicKey"]), _kept(state))


def named_in(answer: str) -> str:
    """The id of the credential that ANSWER says it is of; nothing is proved by it. Raises NotProved."""
    return _authentication(answer).id


def judge(account: Account, key: WebAuthnKey, state: Mapping[str, str], answer: str) -> Shown:
    """What ANSWER proves of KEY. Raises NotProved."""
    _asked(state)
    authentication = _authentication(answer)
    handle = authentication.response.user_handle
    if handle and handle != handle_of(account):
        raise NotProved("another person's credential")
    try:
        credential = AttestedCredentialData(bytes(key.credential))
        _server(account.academy).authenticate_complete(dict(state), [credential], authentication)
    except (ValueError, KeyError, TypeError, AssertionError, NotImplementedError) as error:
        raise NotProved(str(error)) from error
    if authentication.response.client_data.cross_origin:
        raise NotProved("asked from within another site's page")
    data = authentication.response.authenticator_data
    return Shown(data.counter, data.is_user_verified(), data.is_backed_up())


def _asked(state: Mapping[str, str]) -> None:
    """Raises NotProved where nothing was asked, or too long ago."""
    if not state.get("challenge"):
        raise NotProved("nothing was asked")


def _server(academy: Academy) -> Fido2Server:
    origins = origins_of(academy)
    party = PublicKeyCredentialRpEntity(id=academy.rp_id, name=academy.name)
    return Fido2Server(party, verify_origin=lambda origin: origin in origins)


def _descriptor(key: WebAuthnKey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in key.transports if name in _TRANSPORTS]
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY,
        id=websafe_decode(key.credential_id),
        transports=transports or None,
    )


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return plain


def _kept(state: Any) -> dict[str, str]:
    return {name: str(getattr(value, "value", value) or "") for name, value in dict(state).items()}


def _authentication(answer: str) -> AuthenticationResponse:
    try:
        return AuthenticationResponse.from_dict(_parsed(answer))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotProved(str(error)) from error


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise NotProved("too long")
    fields = json.loads(answer)
    if not isinstance(fields, dict) or not isinstance(fields.get("response"), dict):
        raise NotProved("not an answer")
    return fields
