"""A gateway with an HTTP API, described by the instance's settings."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from casier.identity.dispatch.gateways.configured import HttpSettings
from casier.identity.dispatch.gateways.outcome import Message, NotTaken, Outcome, Refused, Taken, Unsure
from casier.kernel.secret import Secret

log = logging.getLogger(__name__)
# At INFO it writes the address of each request, and with it keys that some services want in the query.
logging.getLogger("httpx").setLevel(logging.WARNING)
_PLACE = re.compile(r"\{(number|text|code|language|id|sender|secret)\}")
# Before a byte of the request left; the last two are about how it is written.
_NOT_REACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
# It said no before it did anything: too many requests, or not in service.
_BUSY = frozenset({429, 503})
_SERVER_ERROR = 500
_ANSWER_LIMIT = 65_536


@dataclass(slots=True)
class HttpGateway:
    """Calls the service once a message; what its answer means is in the settings."""

    settings: HttpSettings
    secret: Secret
    _client: httpx.Client | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def harmless(self) -> bool:
        return self.settings.idempotent

    def carries(self, kind: str) -> bool:
        return self.settings.sms if kind == "sms" else self.settings.voice

    def send(self, message: Message) -> Outcome:
        try:
            client, request = self._connected(), self._request(message)
        except (OSError, ValueError, httpx.InvalidURL) as error:
            log.error("gateway %s: %s", self.name, type(error).__name__)
            return NotTaken("settings")
        try:
            answer = client.send(request)
        except _NOT_REACHED as error:
            return NotTaken(type(error).__name__)
        except httpx.HTTPError as error:
            # The request was on its way: whether it was heard can't be known.
            return Unsure(type(error).__name__)
        return self._meaning(answer)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _connected(self) -> httpx.Client:
        if self._client is None:
            context = ssl.create_default_context(cafile=self.settings.ca or None)
            # No proxy of the environment: what goes to the service goes to it alone.
            self._client = httpx.Client(
                verify=context, timeout=self.settings.timeout, follow_redirects=False, trust_env=False
            )
        return self._client

    def _request(self, message: Message) -> httpx.Request:
        known = {
            "number": message.number,
            "text": message.text,
            "code": message.code,
            "language": _LANGUAGES.get(message.language, message.language),
            "id": message.id,
            "sender": self.settings.sender,
            "secret": self.secret.reveal(),
        }
        one = self.settings
        body: dict[str, Any] = {}
        if one.json is not None:
            body["json"] = fill(one.json, known)
        elif one.form is not None:
            body["data"] = fill(one.form, known)
        elif one.query is not None:
            body["params"] = fill(one.query, known)
        return self._connected().build_request(one.method, one.url, headers=fill(one.headers, known), **body)

    def _meaning(self, answer: httpx.Response) -> Outcome:
        status = answer.status_code
        if status in self.settings.success:
            return self._looked_at(answer)
        if status in self.settings.refused:
            return Refused(f"status {status}")
        if status in _BUSY or status < _SERVER_ERROR:
            return NotTaken(f"status {status}")
        return Unsure(f"status {status}")

    def _looked_at(self, answer: httpx.Response) -> Outcome:
        """A good status; the answer itself may still say no."""
        document = _document(answer)
        if self.settings.success_field:
            said = str(found(document, self.settings.success_field))
            if said not in self.settings.success_values:
                return NotTaken(f"{self.settings.success_field}: {said[:20]}", rests=False)
        named = found(document, self.settings.reference) if self.settings.reference else None
        return Taken("" if named is None else str(named)[:100])


def fill(value: Any, known: Mapping[str, str]) -> Any:
    """VALUE with its places filled, once: what is filled in is never looked at again."""
    if isinstance(value, str):
        return _PLACE.sub(lambda place: known[place.group(1)], value)
    if isinstance(value, Mapping):
        return {name: fill(one, known) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [fill(one, known) for one in value]
    return value


def found(document: Any, road: str) -> Any:
    """What stands at `messages.0.id` in a JSON document; None when nothing does."""
    for step in road.split("."):
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def _document(answer: httpx.Response) -> Any:
    try:
        return answer.json() if len(answer.content) <= _ANSWER_LIMIT else None
    except ValueError:
        return None
