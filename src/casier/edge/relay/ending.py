"""When access ends: streams close within a second, IMAP is cut, and given back when access opens again."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from casier.edge import check
from casier.edge.check import Asked, Kind
from casier.edge.problems import Reason
from casier.edge.records import Records
from casier.edge.relay.hub import Hub, Stream
from casier.kernel.errors import Unavailable
from casier.kernel.published import Access, AccountState

LOG = logging.getLogger("casier.edge.relay.ending")
AGENT_SECONDS = 30.0
_ASKED = Asked(Kind.EVENTS, "GET", "")


@dataclass(frozen=True, slots=True)
class Ending:
    """Looks again whether streams and connections may stay."""

    hub: Hub
    records: Records
    agent: Path
    cutting: set[str] = field(default_factory=set)  # account ids
    missed: set[str] = field(default_factory=set)  # those that the agent could not cut

    async def look_again(self, streams: tuple[Stream, ...]) -> None:
        """Sign out those of STREAMS whose session has ended. When that can't be known they stay."""
        if not streams:
            return
        digests = sorted({stream.digest for stream in streams})
        now = time.time()
        reasons: dict[str, Reason | None] = {}
        for digest, live in zip(digests, await self.records.live_sessions(digests), strict=True):
            reasons[digest] = check.session_may(_ASKED, live, now)
        for stream in streams:
            if reason := reasons[stream.digest]:
                self.hub.sign_out((stream,), (await self._why(stream, reason)).value)

    async def _why(self, stream: Stream, reason: Reason) -> Reason:
        """A suspension ends the sessions, too: whoever looks after that must not be told to sign in again."""
        if reason != Reason.SIGN_IN:
            return reason
        account = await self.records.account(stream.account)
        return (account and check.account_may(_ASKED, account)) or reason

    async def account_ended(self, account_id: str, *, connections: bool) -> None:
        """Something of this account ended: look at its streams; cut its mail programs when it is shut.

        CONNECTIONS cuts them in any case: an application password is gone. Those with another come back.
        """
        await self.look_again(self.hub.of_account(account_id))
        account = await self.records.account(account_id)
        if account is not None and (connections or account.access != Access.OPEN):
            await self._cut(account)
            # A mail program that is refused asks for a password: who may come back can do so at once.
            await self._give_back(account_id)

    async def _cut(self, account: AccountState) -> None:
        await self.records.note_cut(account.id)
        self.cutting.add(account.id)
        try:
            done = await self._tell_agent("cut", account.mailbox_key)
        finally:
            self.cutting.discard(account.id)
        (self.missed.discard if done else self.missed.add)(account.id)

    async def give_back(self) -> None:
        """Allow IMAP again to accounts that are open; what was cut is in Redis, beyond a restart.

        An account that is being cut waits for the next turn: a cut after the restore would shut it for good.
        What the agent could not cut is tried again first.
        """
        for account_id in await self.records.cut_accounts():
            await self._give_back(account_id)

    async def _give_back(self, account_id: str) -> None:
        account = await self.records.account(account_id)
        if account_id in self.cutting or account is None:
            return
        if account_id in self.missed:
            await self._cut(account)
        elif account.access == Access.OPEN and await self._tell_agent("restore", account.mailbox_key):
            await self.records.forget_cut(account_id)

    async def _tell_agent(self, what: str, mailbox_key: str) -> bool:
        """Have the store's host cut or restore; whether it did."""
        try:
            async with asyncio.timeout(AGENT_SECONDS):
                reader, writer = await asyncio.open_unix_connection(str(self.agent))
                writer.write(json.dumps({"do": what, "mailbox": mailbox_key}).encode() + b"\n")
                answer = json.loads(await reader.readline() or b"{}")
                writer.close()
        except (OSError, TimeoutError, ValueError) as error:
            LOG.warning("%s %s: the agent does not answer (%s)", what, mailbox_key, type(error).__name__)
            return False
        if not answer.get("ok"):
            LOG.warning("%s %s: %s", what, mailbox_key, answer.get("error", "no answer"))
        return bool(answer.get("ok"))


async def repeat(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    """Run ACT every SECONDS; when what it asks is down, say so and go on."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except Unavailable as error:
            LOG.warning("cannot look now: %s", error)
