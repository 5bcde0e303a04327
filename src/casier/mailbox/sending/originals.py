"""Which message of the same mailbox a draft answers or passes on, so that it can be marked. No database here.

The web client says so. Where nobody did (the draft was opened again, or another program made it), it is the
message of the draft's conversation that the draft answers, or else the last one that it refers to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from casier.mailbox.sending.jmap import Session

# Properties that tell what a draft refers to.
REFERRING = ("inReplyTo", "references")
ANSWERED, FORWARDED = "$answered", "$forwarded"


@dataclass(frozen=True, slots=True)
class Original:
    """What a message answers or passes on; KEYWORD is what it bears once that has left."""

    email_id: str
    keyword: str


@dataclass(frozen=True, slots=True)
class References:
    """Message-IDs that a draft names."""

    answered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, email: Mapping[str, Any]) -> Self:
        """Of what Email/get answered."""
        answered, others = (tuple(email.get(name) or ()) for name in REFERRING)
        return cls(answered, others)


NO_REFERENCES = References()


def find_original(store: Session, mailbox_key: str, email_id: str, refers: References) -> Original | None:
    """The message that the draft EMAIL_ID answers or passes on. Raises NotReached or NoAnswer."""
    wanted = set(refers.answered or refers.others[-1:])
    if not wanted:
        return None
    account = {"accountId": mailbox_key}
    of_all = {"properties": ["messageId", "keywords"]}
    answers = store.call(
        ("Email/get", {**account, "ids": [email_id], "properties": ["threadId"]}, "e"),
        ("Thread/get", {**account, "#ids": _ids("e", "Email/get", "/list/*/threadId")}, "t"),
        ("Email/get", {**account, "#ids": _ids("t", "Thread/get", "/list/*/emailIds"), **of_all}, "o"),
    )
    for one in answers.by_tag.get("o", {}).get("list", ()):
        if wanted & set(one.get("messageId") or ()) and not one["keywords"].get("$draft"):
            return Original(str(one["id"]), ANSWERED if refers.answered else FORWARDED)
    return None


def _ids(tag: str, name: str, path: str) -> dict[str, str]:
    return {"resultOf": tag, "name": name, "path": path}
