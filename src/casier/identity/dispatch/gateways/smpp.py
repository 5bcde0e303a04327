"""An operator's message centre, by SMPP 3.4: one bound connection, made again when it breaks, over TLS unless
the settings say otherwise.

The library runs in a loop of its own thread. What it hasn't written yet when the time is up is taken back, so
that nothing leaves later by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiosmpplib import ESME
from aiosmpplib.broker import AbstractBroker
from aiosmpplib.hook import AbstractHook
from aiosmpplib.protocol import BindTransceiverResp, DeliverSm, SmppMessage, SubmitSm, SubmitSmResp
from aiosmpplib.state import NPI, TON, PhoneNumber, SmppCommandStatus

from casier.identity.dispatch.gateways.alphabet import is_basic, plain
from casier.identity.dispatch.gateways.configured import SmppSettings
from casier.identity.dispatch.gateways.outcome import (
    Message,
    NotTaken,
    Outcome,
    Receipt,
    Refused,
    Taken,
    Unsure,
)
from casier.kernel.secret import Secret

log = logging.getLogger(__name__)
_STATUS = SmppCommandStatus
# This number will never work, whoever is asked.
_FOR_GOOD = frozenset({_STATUS.ESME_RINVDSTADR})
_DELIVERED = frozenset({"DELIVRD", "ACCEPTD"})
_LOST = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})
_UDH_WHEN_LONG = 0b01000000
_BIND_SECONDS = 3.0
# The centre's part of the goodbye is not waited for any longer.
_GOODBYE_SECONDS = 2.0
_ALPHANUMERIC = 11


@dataclass(slots=True)
class _Entry:
    message: SubmitSm
    done: asyncio.Future[Outcome]
    handed: bool = False  # the library has it
    references: list[str] = field(default_factory=list)


class _Broker(AbstractBroker):  # type: ignore[misc]
    """What waits to be written; it can be taken back until the library asks for it."""

    def __init__(self) -> None:
        self.waiting: deque[_Entry] = deque()
        self.more = asyncio.Event()

    async def enqueue(self, message: SmppMessage) -> None:
        raise NotImplementedError

    def put(self, entry: _Entry) -> None:
        self.waiting.append(entry)
        self.more.set()

    async def dequeue(self) -> SmppMessage:
        while not self.waiting:
            self.more.clear()
            await self.more.wait()
        entry = self.waiting.popleft()
        entry.handed = True
        return entry.message


class _Hook(AbstractHook):  # type: ignore[misc]
    """What the library tells: bound, answered, broken, delivered."""

    def __init__(self, gateway: SmppGateway) -> None:
        self.gateway = gateway

    async def sending(self, *_: object) -> None:
        return None

    async def received(self, smpp_message: SmppMessage | None, *_: object) -> None:
        if isinstance(smpp_message, BindTransceiverResp):
            if smpp_message.command_status == _STATUS.ESME_ROK:
                self.gateway.bound.set()
        elif isinstance(smpp_message, DeliverSm) and smpp_message.is_receipt():
            self.gateway.receipt_came(smpp_message)
        elif isinstance(smpp_message, SubmitSmResp):
            self.gateway.answered(smpp_message)

    async def send_error(self, smpp_message: SmppMessage, error: Exception, *_: object) -> None:
        key = getattr(smpp_message, "log_id", "")
        not_written = isinstance(error, ValueError)
        reason = type(error).__name__
        self.gateway.settle(key, NotTaken(reason, rests=False) if not_written else Unsure(reason))


class _SecureLoop(asyncio.SelectorEventLoop):
    """A loop that opens no connection in clear: the library knows no TLS, and asks its loop for them."""

    def __init__(self, trust: ssl.SSLContext, name: str) -> None:
        super().__init__()
        self._trust, self._name = trust, name

    async def create_connection(self, *what: Any, **how: Any) -> Any:
        """With the centre's certificate checked against its name, before anything is said."""
        try:
            return await super().create_connection(
                *what, ssl=self._trust, ssl_shutdown_timeout=_GOODBYE_SECONDS, **how
            )
        except ssl.SSLError as error:
            log.error("gateway %s: no TLS with its message centre: %s", self._name, error)
            raise


class _Client(ESME):  # type: ignore[misc]
    """The library's client, which leaves a broken connection open until it is collected."""

    async def connect(self) -> None:
        self.hang_up()
        await super().connect()

    def hang_up(self) -> None:
        """Close the connection that there is, or was."""
        if self._writer is not None:
            self._writer.close()

    async def hung_up(self) -> None:
        """Close it, and wait until it is."""
        self.hang_up()
        if self._writer is not None:
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(self._writer.wait_closed(), _GOODBYE_SECONDS)

    async def _disconnect(self) -> None:
        """As the library's, which can only half close, and TLS can't."""
        self.hang_up()


class SmppGateway:
    """A bound connection, opened with the first message."""

    harmless = False

    def __init__(self, settings: SmppSettings, secret: Secret, receipt: Receipt) -> None:
        self.settings, self._secret, self._receipt = settings, secret, receipt
        self.bound = asyncio.Event()
        self._entries: dict[str, _Entry] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._esme: _Client | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._broker = _Broker()
        self._starting = threading.Lock()

    @property
    def name(self) -> str:
        return self.settings.name

    def carries(self, kind: str) -> bool:
        return kind == "sms" and self.settings.sms

    def send(self, message: Message) -> Outcome:
        try:
            loop = self._opened()
        except ValueError:
            # The protocol knows no such name or password: eight letters are the most for a password.
            log.error("gateway %s: its settings aren't of SMPP", self.name)
            return NotTaken("settings")
        except OSError as error:
            log.error("gateway %s: its authorities (ca) can't be read: %s", self.name, type(error).__name__)
            return NotTaken("settings")
        seconds = self.settings.timeout + _BIND_SECONDS + 5
        return asyncio.run_coroutine_threadsafe(self._send(message), loop).result(seconds)

    def close(self) -> None:
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(10)
        loop.close()

    # In the loop's thread ------------------------------------------------------------------------
    async def _send(self, message: Message) -> Outcome:
        if not await self._is_bound():
            return NotTaken("not bound")
        text = plain(message.text)
        entry = _Entry(self._submit(message, text), asyncio.get_running_loop().create_future())
        self._entries[message.id] = entry
        self._broker.put(entry)
        try:
            return await asyncio.wait_for(asyncio.shield(entry.done), self.settings.timeout)
        except TimeoutError:
            if not entry.handed:
                self._broker.waiting.remove(entry)
                return NotTaken("timeout")
            return Unsure("timeout")
        finally:
            self._entries.pop(message.id, None)

    async def _is_bound(self) -> bool:
        if self._esme is not None and self._esme.session_state != self._esme.bind_mode.session_state:
            self.bound.clear()
        try:
            await asyncio.wait_for(self.bound.wait(), _BIND_SECONDS)
        except TimeoutError:
            return False
        return True

    def _submit(self, message: Message, text: str) -> SubmitSm:
        sender = self.settings.sender
        ton = TON.INTERNATIONAL if sender.lstrip("+").isdigit() else TON.ALPHANUMERIC
        source = PhoneNumber(
            sender.lstrip("+"), ton=ton, npi=NPI.ISDN if ton != TON.ALPHANUMERIC else NPI.UNKNOWN
        )
        target = PhoneNumber(message.number.lstrip("+"), ton=TON.INTERNATIONAL, npi=NPI.ISDN)
        return SubmitSm(
            short_message=text,
            source=source,
            destination=target,
            esm_class=_UDH_WHEN_LONG,
            auto_message_payload=False,
            encoding="gsm0338" if is_basic(text) else "ucs2",
            log_id=message.id,
        )

    def answered(self, answer: SubmitSmResp) -> None:
        """The centre answered to one message."""
        status = answer.command_status
        if status == _STATUS.ESME_ROK:
            self.settle(answer.log_id, Taken(answer.message_id))
        elif status in _FOR_GOOD:
            self.settle(answer.log_id, Refused(status.name))
        else:
            self.settle(answer.log_id, NotTaken(status.name))

    def settle(self, key: str, outcome: Outcome) -> None:
        entry = self._entries.get(key)
        if entry is not None and not entry.done.done():
            entry.done.set_result(outcome)

    def receipt_came(self, message: DeliverSm) -> None:
        facts = message.parse_receipt()
        state = str(facts.get("stat", ""))
        if state in _DELIVERED or state in _LOST:
            self._receipt(self.name, str(facts.get("id", "")), state in _DELIVERED)

    # The loop ------------------------------------------------------------------------------------
    def _opened(self) -> asyncio.AbstractEventLoop:
        """The loop in its thread, with a client in it. Raises ValueError, OSError: the settings make none."""
        with self._starting:
            if self._loop is None:
                self._loop = self._new_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name=f"smpp-{self.name}", daemon=True
                )
                self._thread.start()
            if self._esme is None:
                asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(5)
            return self._loop

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        if not self.settings.tls:
            return asyncio.new_event_loop()
        trust = ssl.create_default_context(cafile=self.settings.ca or None)
        return _SecureLoop(trust, self.name)

    async def _open(self) -> None:
        one = self.settings
        self._esme = _Client(
            smsc_host=one.host,
            smsc_port=one.usual_port,
            system_id=one.system_id,
            password=self._secret.reveal(),
            system_type=one.system_type,
            enquire_link_interval=25.0,
            socket_timeout=one.timeout,
            # Its log shows whole messages when something goes wrong: codes have no place there.
            log_handler=logging.NullHandler(),
            hook=_Hook(self),
            broker=self._broker,
        )
        self._task = asyncio.get_running_loop().create_task(self._esme.start())

    async def _stop(self) -> None:
        """End the library's task, which closes its part; what it leaves open is closed here."""
        if self._esme is not None:
            await self._esme.hung_up()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=5)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
