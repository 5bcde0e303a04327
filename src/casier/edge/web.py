"""The edge's HTTP side: thin handlers between nginx (or Rspamd) and the rules."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from casier.edge import clamd, problems
from casier.edge.door import Door, Stopped
from casier.edge.mail_auth import MailDoor, headers_for, login_from
from casier.edge.policy import SenderPolicy, Shown, Verdict
from casier.edge.problems import Reason
from casier.edge.records import Records
from casier.edge.redirects import RedirectPolicy
from casier.engines.clamav.clamd import Finding
from casier.kernel.errors import Unavailable, new_reference
from casier.kernel.handed_over import HandedOver

LOG = logging.getLogger("casier.edge.web")
Send = Callable[[dict[str, Any]], Awaitable[None]]
Handler = Callable[[Request], Awaitable[Response]]
# Locations of nginx that a scanned body goes on to (kept method and body).
AFTER_SCAN = "@scanned"


@dataclass(frozen=True, slots=True)
class Services:
    """The rules that the handlers ask."""

    records: Records
    door: Door
    mail_door: MailDoor
    policy: SenderPolicy
    clamd: Path
    internal_key: bytes

    async def check(self, scope: dict[str, Any], send: Send) -> None:
        """nginx's `auth_request`: may this request pass, as whom?

        Every request of everyone asks it first, so it is answered without a framework between.
        """
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        answer = await self.door.check(asked, time.time())
        headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers().items()]
        status = answer.status if isinstance(answer, Stopped) else 200
        headers.append((b"content-length", b"0"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def refused(self, request: Request) -> Response:
        """The words of a refusal that `/check` gave; nginx shows them with their real status."""
        headers = request.headers
        try:
            reason = Reason(headers.get("x-casier-reason", ""))
        except ValueError:
            reason = Reason.UNAVAILABLE
        return _problem(reason, headers.get("x-casier-reference", ""), request)

    async def mail_auth(self, request: Request) -> Response:
        """nginx's `auth_http`: may this mail program sign in, and where does it go?"""
        login = login_from(request.headers)
        answer = await self.mail_door.may_sign_in(login, time.time())
        return Response(headers=headers_for(answer, login.protocol))

    async def scan(self, request: Request) -> Response:
        """An upload: nginx sends the body here first, and on to Cyrus only when we say so."""
        limit = int(request.headers.get("x-casier-limit") or 0)
        body = _Body(request.stream(), limit if request.headers.get("x-casier-kind") == "upload" else 0)
        try:
            report = await clamd.scan(aiter(body), self.clamd)
        except _TooLarge:
            return _refusal(Reason.TOO_LARGE, request, f"over {limit} bytes")
        except ClientDisconnect:
            return Response(status_code=400)
        if report.finding == Finding.CLEAN:
            return Response(headers={"X-Accel-Redirect": AFTER_SCAN})
        reason = _REASONS[report.finding]
        return _refusal(reason, request, report.detail)

    async def senders(self, request: Request) -> Response:
        """Rspamd: may this login write these addresses in `From:` and its kin, in a message of this size?"""
        try:
            asked = json.loads(await request.body())
            login, size = str(asked["login"]), int(asked.get("size", 0))
            shown = Shown(*(_addresses(asked[name]) for name in ("author", "sender", "others")))
        except (ValueError, KeyError, TypeError):
            return Response(status_code=400)
        return _told("senders", login, await self.policy.may_send(login, shown, time.time(), size))

    async def handed_over(self, request: Request) -> Response:
        """Rspamd: a message of somebody who shares a mailbox has passed; the others will want to know."""
        try:
            told = HandedOver.loads(await request.body())
        except (ValueError, TypeError):
            return Response(status_code=400)
        await self.records.note_handed_over(told)
        return Response(status_code=204)

    async def redirects(self, request: Request) -> Response:
        """Rspamd: may the rules of this login pass a message on to these recipients?"""
        try:
            asked = json.loads(await request.body())
            login, recipients = str(asked["login"]), [str(address) for address in asked["recipients"]]
        except (ValueError, KeyError, TypeError):
            return Response(status_code=400)
        verdict = await RedirectPolicy(self.records).may_redirect(login, recipients)
        return _told("redirects", login, verdict)

    async def health(self, _request: Request) -> Response:
        """Whether what we stand on answers."""
        try:
            await self.records.count("casier:health")
        except Unavailable:
            return Response("redis", status_code=503)
        return Response("ok")

    def guarded(self, handler: Handler) -> Handler:
        """HANDLER for callers that know the internal key: any process of the machine reaches the port."""

        async def guard(request: Request) -> Response:
            key = request.headers.get("x-casier-internal", "")
            if not hmac.compare_digest(key.encode(), self.internal_key.hex().encode()):
                return Response(status_code=403)
            return await handler(request)

        return guard


_REASONS = {
    Finding.VIRUS: Reason.VIRUS,
    Finding.NOT_SCANNABLE: Reason.NOT_SCANNABLE,
    Finding.UNKNOWN: Reason.UNAVAILABLE,
}


class _TooLarge(Exception):
    pass


class _Body:
    """A request's body that ends with _TooLarge past LIMIT bytes (0: none): a chunked one tells no length."""

    def __init__(self, chunks: AsyncIterator[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        async for chunk in self._chunks:
            total += len(chunk)
            if self._limit and total > self._limit:
                raise _TooLarge
            if chunk:
                yield chunk


def _addresses(found: Any) -> tuple[str, ...]:
    """A list of addresses as Rspamd writes it: an empty one may come as an empty table. Raises TypeError."""
    if found in ({}, None):
        return ()
    if not isinstance(found, list):
        raise TypeError("not a list")
    return tuple(str(address) for address in found)


def _told(question: str, login: str, verdict: Verdict) -> Response:
    """A verdict as Rspamd reads it; what isn't a plain yes is in the log."""
    if verdict.reason:
        LOG.info("%s: %s for %s (%s)", question, verdict.reason, login, verdict.reference)
    answer = {"verdict": verdict.decision, "reason": verdict.reason, "text": verdict.text}
    body = json.dumps({**answer, "reference": verdict.reference, "noted": verdict.noted})
    return Response(body, media_type="application/json")


def _refusal(reason: Reason, request: Request, detail: str) -> Response:
    reference = new_reference()
    account = request.headers.get("x-casier-account", "")
    LOG.info("upload of %s refused: %s %s (%s)", account, reason, detail, reference)
    return _problem(reason, reference, request)


def _problem(reason: Reason, reference: str, request: Request) -> Response:
    language = request.headers.get("accept-language", "")
    status, body = problems.problem(reason, reference, language)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    if status == 401 and request.headers.get("x-casier-challenge") == "1":
        headers["WWW-Authenticate"] = 'Basic realm="Casier", charset="UTF-8"'
    return Response(body, status, headers, problems.MEDIA_TYPE)


def for_nginx(services: Services) -> Starlette:
    """What nginx may ask, over its own socket."""
    bodies = ["POST", "PUT"]
    return Starlette(
        routes=[
            Route("/refused", services.refused, methods=["GET", "POST", "PUT"]),
            Route("/mail-auth", services.mail_auth),
            Route("/health", services.health),
            Route("/jmap/upload/{rest:path}", services.scan, methods=bodies),
            Route("/dav/{rest:path}", services.scan, methods=bodies),
        ]
    )


def for_engines(services: Services) -> Starlette:
    """What Rspamd may ask, over a loopback port and with the internal key."""
    return Starlette(
        routes=[
            Route("/senders", services.guarded(services.senders), methods=["POST"]),
            Route("/redirects", services.guarded(services.redirects), methods=["POST"]),
            Route("/handed-over", services.guarded(services.handed_over), methods=["POST"]),
            Route("/health", services.guarded(services.health)),
        ]
    )
