"""Sending one message for a person: what to ask Cyrus, and what its answer means. No database here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casier.mailbox.sending.jmap import Call, Jmap, NoAnswer, NotReached

REFERENCE = re.compile(r"R-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
# The code and the enhanced code before the words of an SMTP reply (RFC 5321 §4.2, RFC 3463).
_CODES = re.compile(r"^\s*(?:\d{3})?[ -]?(?:\d\.\d{1,3}\.\d{1,3})?\s*:?\s*")
_TEMPORARY = re.compile(
    r"(?<!\d)4\d\d[ -](?!\d)|(?<!\d)4\.\d{1,3}\.\d{1,3}(?!\d)|tempor|try again|timeout", re.I
)
_TEMPORARY_TYPES = frozenset({"serverFail", "serverUnavailable", "serverPartialFail", "rateLimit"})


@dataclass(frozen=True, slots=True)
class Message:
    """A draft on its way, and what is known of earlier tries."""

    person: str  # mailbox key of who sends
    mailbox_key: str  # the account that holds the draft
    email_id: str
    mail_from: str
    recipients: tuple[str, ...]
    tried_before: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """It has left."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not leave; KIND is JMAP's, TEXT what the engine said."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It has not left, for a cause that passes."""

    cause: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody answered: it may have left. Looked at again before anything is sent again."""

    cause: str


Outcome = Sent | Refused | Later | Unknown
# Whether a message with this Message-ID was accepted by the transport.
WasAccepted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Draft:
    """What Cyrus says of the draft now."""

    exists: bool
    in_drafts: bool
    message_id: str
    drafts: str  # mailbox ids
    sent: str
    identity: str
    submissions: int = 0


def submit(jmap: Jmap, message: Message, was_accepted: WasAccepted) -> Outcome:
    """Send MESSAGE unless it has left already, and file it under Sent."""
    try:
        draft = look(jmap, message)
    except (NotReached, NoAnswer) as error:
        return Unknown(str(error.facts)) if message.tried_before else Later(str(error.facts))
    if message.tried_before and has_left(draft, was_accepted):
        return _file(jmap, message, draft)
    if not draft.exists:
        return Refused("draftGone")
    try:
        return _read(jmap.call(message.person, _submission(message, draft))["s"])
    except NotReached as error:
        return Later(str(error.facts))
    except NoAnswer as error:
        return Unknown(str(error.facts))


def look(jmap: Jmap, message: Message) -> Draft:
    """Ask about the draft, the special folders and, after an earlier try, the submissions."""
    account = {"accountId": message.mailbox_key}
    calls: list[Call] = [
        ("Mailbox/get", {**account, "properties": ["role"]}, "m"),
        (
            "Email/get",
            {**account, "ids": [message.email_id], "properties": ["mailboxIds", "keywords", "messageId"]},
            "e",
        ),
        ("Identity/get", {**account, "properties": ["email"]}, "i"),
    ]
    if message.tried_before:
        calls.append(("EmailSubmission/query", {**account, "filter": {"emailIds": [message.email_id]}}, "q"))
    answers = jmap.call(message.person, *calls)
    folders = {folder.get("role"): str(folder["id"]) for folder in answers["m"]["list"]}
    emails: list[dict[str, Any]] = answers["e"]["list"]
    identities = answers.by_tag.get("i", {}).get("list") or [{"id": message.mailbox_key}]
    return _draft(
        emails[0] if emails else None, folders, str(identities[0]["id"]), answers.by_tag.get("q", {})
    )


def _draft(
    email: dict[str, Any] | None, folders: dict[str, str], identity: str, query: dict[str, Any]
) -> Draft:
    drafts, sent = folders.get("drafts", ""), folders.get("sent", "")
    if email is None:
        return Draft(False, False, "", drafts, sent, identity, len(query.get("ids", ())))
    in_drafts = bool(email["keywords"].get("$draft")) or drafts in email["mailboxIds"]
    message_ids = email.get("messageId") or [""]
    return Draft(True, in_drafts, message_ids[0], drafts, sent, identity, len(query.get("ids", ())))


def has_left(draft: Draft, was_accepted: WasAccepted) -> bool:
    """Whether an earlier try was successful: filed, known as a submission, or seen by the transport."""
    if draft.submissions or (draft.exists and not draft.in_drafts):
        return True
    return bool(draft.message_id) and was_accepted(draft.message_id)


def _filing(draft: Draft) -> dict[str, Any]:
    """From draft to sent message."""
    patch: dict[str, Any] = {"keywords/$draft": None, "keywords/$seen": True}
    if draft.sent:
        patch[f"mailboxIds/{draft.sent}"] = True
    if draft.drafts and draft.sent:
        patch[f"mailboxIds/{draft.drafts}"] = None
    return patch


def _submission(message: Message, draft: Draft) -> Call:
    envelope = {
        "mailFrom": {"email": message.mail_from},
        "rcptTo": [{"email": recipient} for recipient in message.recipients],
    }
    create = {"identityId": draft.identity, "emailId": message.email_id, "envelope": envelope}
    arguments = {
        "accountId": message.mailbox_key,
        "create": {"s": create},
        "onSuccessUpdateEmail": {"#s": _filing(draft)},
    }
    return ("EmailSubmission/set", arguments, "s")


def _file(jmap: Jmap, message: Message, draft: Draft) -> Outcome:
    """It has left, but nobody filed it: that is done now, or looked at again."""
    if draft.exists and draft.in_drafts:
        update = {"accountId": message.mailbox_key, "update": {message.email_id: _filing(draft)}}
        try:
            jmap.call(message.person, ("Email/set", update, "f"))
        except (NotReached, NoAnswer) as error:
            return Unknown(str(error.facts))
    return Sent()


def _read(answer: dict[str, Any]) -> Outcome:
    """What EmailSubmission/set's response means."""
    if "s" in (answer.get("created") or {}):
        return Sent()
    error = (answer.get("notCreated") or {}).get("s") or {"type": "serverFail"}
    kind, text = str(error.get("type", "")), str(error.get("description") or "")
    if kind in _TEMPORARY_TYPES or _TEMPORARY.search(text):
        return Later(f"{kind} {text}".strip())
    return Refused(kind, text)


def reference_in(text: str) -> str:
    """The reference that an engine wrote into its refusal, or ""."""
    found = REFERENCE.search(text)
    return found.group() if found else ""


def words_in(text: str) -> str:
    """The words of an SMTP reply, without codes and reference."""
    plain = re.sub(r"\s*\[?" + REFERENCE.pattern + r"\]?", "", text)
    return _CODES.sub("", plain).strip()
