"""The stream protocols served: Cyrus's SASL, Postfix's policy and maps. Sockets here, rules elsewhere."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from casier.edge import delegation, netstrings, sasl
from casier.edge.maps import AddressMaps
from casier.edge.policy import SenderPolicy
from casier.edge.tokens import Tokens

LOG = logging.getLogger("casier.edge.conversations")
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
IDLE_SECONDS = 3600.0
SASL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Conversations:
    """One method a protocol; each serves a connection to its end."""

    tokens: Tokens
    policy: SenderPolicy
    maps: AddressMaps

    async def sasl(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One login of Cyrus's."""
        async with asyncio.timeout(SASL_SECONDS):
            login = await sasl.read_request(reader)
        passed = sasl.may_enter(login, self.tokens, time.time())
        if not passed:
            LOG.info("sasl: no token for %s in %s", login.name, login.service)
        writer.write(sasl.encode("OK" if passed else "NO"))
        await writer.drain()

    async def policy_service(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Postfix's questions about senders, until it hangs up."""
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                attributes = await delegation.read(reader)
            action, verdict = await self.policy.action(attributes, time.time())
            if verdict.reason:
                queue_id, sender = attributes.get("queue_id", ""), attributes.get("sender", "")
                LOG.info("policy: %s for %s as %s (%s)", verdict.reason, queue_id, sender, verdict.reference)
            writer.write(delegation.answer(action))
            await writer.drain()

    async def address_maps(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Postfix's questions about addresses, until it hangs up."""
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                request = await netstrings.read(reader)
            writer.write(netstrings.encode(await self.maps.look_up(request, time.time())))
            await writer.drain()


def guarded(conversation: Conversation) -> Conversation:
    """CONVERSATION, ended quietly when the other side hangs up or speaks another language."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await conversation(reader, writer)
        except (sasl.Malformed, delegation.Malformed, netstrings.Malformed) as error:
            LOG.warning("%s: %s", getattr(conversation, "__name__", ""), error)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()

    return serve
