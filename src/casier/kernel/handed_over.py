"""What somebody who shares a mailbox has sent, as the edge tells the worker: the schema between the two.

casier:handed-over      stream; field `told`: a HandedOver
casier:handed-over:now  pub/sub channel: there is something in it

casier:handed-over:by:… who handed in the message with this Message-ID (its digest): a login, for an hour

A message is told of once Rspamd has let it pass; by whichever road it came, the same is known of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from casier.kernel.published import PREFIX

STREAM = PREFIX + "handed-over"
CHANNEL = STREAM + ":now"
FIELD = "told"
BY_SECONDS = 3600
# Far more than the worker falls behind.
LONGEST = 50_000
_LONGEST_TEXT = 1000


def by_key(message_id: str) -> str:
    """Where it is kept who handed in the message with this Message-ID."""
    return f"{STREAM}:by:{hashlib.sha256(message_id.strip('<> ').encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A message that has passed: LOGIN sent it as AUTHOR. Both ids are bare, without brackets."""

    login: str
    author: str = ""
    sender: str = ""
    message_id: str = ""
    in_reply_to: str = ""

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str | bytes) -> Self:
        """From JSON. Raises ValueError or TypeError where it isn't one."""
        facts = json.loads(text)
        if not isinstance(facts, Mapping) or not facts.get("login"):
            raise ValueError("no login")
        return cls(**{name: str(value)[:_LONGEST_TEXT] for name, value in facts.items()})
