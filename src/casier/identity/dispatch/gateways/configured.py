"""The gateways of `instance.toml`, section `[telephone]`, checked as they are read."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from casier.kernel.instance import Instance, InstanceError
from casier.kernel.secret import Secret
from casier.kernel.words import say

# France and what is overseas of it; `phonenumbers` has BL and MF under GP.
COUNTRIES = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC")
PLATFORM_PER_HOUR = 600


class _Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,40}$")]
    sms: bool = True
    voice: bool = False
    # The file `secrets/telephone-<name>.secret` holds the password or key.
    sender: str = ""
    timeout: Annotated[float, msgspec.Meta(ge=0.1, le=30)] = 8.0


class HttpSettings(_Base, frozen=True, tag="http", tag_field="kind", kw_only=True):
    """An HTTP API. In values, `{number}`, `{text}`, `{code}`, `{language}`, `{id}`, `{sender}`, `{secret}`
    are replaced.
    """

    url: str
    method: Literal["POST", "PUT", "GET"] = "POST"
    headers: dict[str, str] = {}
    # The body: a JSON document, or a form; or the query of the address.
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    query: dict[str, str] | None = None
    # Statuses that mean "taken"; a field of the JSON answer (dots and numbers) that must have one of these.
    success: tuple[int, ...] = (200, 201, 202)
    success_field: str = ""
    success_values: tuple[str, ...] = ()
    # Statuses that mean "this number will never work".
    refused: tuple[int, ...] = ()
    # Where the answer names the message.
    reference: str = ""
    # The service drops a second message with the same `{id}`.
    idempotent: bool = False
    ca: str = ""


class SmppSettings(_Base, frozen=True, tag="smpp", tag_field="kind", kw_only=True):
    """An operator's message centre, by SMPP 3.4."""

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    system_id: Annotated[str, msgspec.Meta(max_length=15)]
    system_type: Annotated[str, msgspec.Meta(max_length=12)] = ""
    # Codes go in clear only where the settings say so: to the end of a tunnel, say.
    tls: bool = True
    ca: str = ""

    @property
    def usual_port(self) -> int:
        """The one that was given, else the registered one (IANA: smpp, ssmpp)."""
        return self.port or (3550 if self.tls else 2775)


Settings = HttpSettings | SmppSettings


class _Telephone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    gateways: tuple[Settings, ...] = ()
    countries: tuple[Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")], ...] = COUNTRIES
    per_hour: Annotated[int, msgspec.Meta(ge=1)] = PLATFORM_PER_HOUR


@dataclass(frozen=True, slots=True)
class Telephone:
    """What the instance may do with telephones."""

    gateways: tuple[Settings, ...] = ()
    countries: frozenset[str] = field(default=frozenset(COUNTRIES))
    per_hour: int = PLATFORM_PER_HOUR


def telephone(instance: Instance) -> Telephone:
    """The section `[telephone]` of INSTANCE. Raises InstanceError that says what to correct."""
    try:
        read = msgspec.convert(instance.settings.get("telephone", {}), _Telephone)
        _check(read.gateways)
    except (msgspec.ValidationError, ValueError) as error:
        raise InstanceError(
            say(
                f"instance.toml, section [telephone] : à corriger : {error}",
                f"instance.toml, section [telephone]: to correct: {error}",
            )
        ) from error
    return Telephone(read.gateways, frozenset(read.countries), read.per_hour)


def secret_of(instance: Instance, name: str) -> Secret:
    """The password or key of the gateway NAME; empty when it has none."""
    path: Path = instance.secrets / f"telephone-{name}.secret"
    try:
        return Secret(path.read_text("utf-8").strip())
    except OSError:
        return Secret("")


def _check(gateways: tuple[Settings, ...]) -> None:
    names = [one.name for one in gateways]
    if len(set(names)) != len(names):
        raise ValueError("two gateways have the same name")
    for one in gateways:
        if isinstance(one, SmppSettings) and one.voice:
            raise ValueError(f"{one.name}: SMPP carries text messages, not speech")
        if isinstance(one, HttpSettings):
            _check_http(one)


def _check_http(one: HttpSettings) -> None:
    parts = urlsplit(one.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{one.name}: url must be an https address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(f"{one.name}: codes and keys go by https, except on this machine")
    if sum(body is not None for body in (one.json, one.form, one.query)) != 1:
        raise ValueError(f"{one.name}: one of json, form or query says how the message is written")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
