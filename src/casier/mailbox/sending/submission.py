"""Sending one message for a person: what the store is asked, what is handed to Postfix. No database here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from casier.mailbox.sending.folders import Folders, KnownFolders
from casier.mailbox.sending.jmap import Call, Jmap, NoAnswer, NotReached, Session
from casier.mailbox.sending.originals import NO_REFERENCES, REFERRING, Original, References, find_original
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unfiled, Unknown
from casier.mailbox.sending.transport import Envelope, Transport
from casier.mailbox.writing.filling import Filled, holds

REFERENCE = re.compile(r"R-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
# The code and the enhanced code before the words of an SMTP reply (RFC 5321 §4.2, RFC 3463).
_CODES = re.compile(r"^\s*(?:\d{3})?[ -]?(?:\d\.\d{1,3}\.\d{1,3})?\s*:?\s*")

UNSIGNED = Filled("", "")
# A line that a plain text quotes (RFC 3676 §4.5).
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)

# What a message says, asked for only where a signature must stand in it.
TEXTS = ("textBody", "htmlBody", "bodyValues")
# Whether a message with this Message-ID was accepted by the transport.
WasAccepted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Message:
    """A draft on its way, and what is known of earlier tries."""

    person: str  # mailbox key of who sends
    mailbox_key: str  # the account that holds the draft
    email_id: str
    mail_from: str
    recipients: tuple[str, ...]
    tried_before: bool = False
    has_left: bool = False  # for certain
    signature: Filled = UNSIGNED  # without which it doesn't leave
    original: Original | None = None  # None: not told, and found by what the draft refers to


@dataclass(frozen=True, slots=True)
class Roads:
    """Where the draft is, where it goes, and the witness of what went there."""

    jmap: Jmap
    transport: Transport
    was_accepted: WasAccepted
    known: KnownFolders = field(default_factory=KnownFolders)


@dataclass(frozen=True, slots=True)
class Draft:
    """What Cyrus says of the draft now."""

    exists: bool
    folders: Folders
    blob: str = ""
    in_drafts: bool = True
    message_id: str = ""
    submissions: int = 0
    signed: bool = True
    refers: References = NO_REFERENCES


def submit(roads: Roads, message: Message) -> Outcome:
    """Send MESSAGE unless it has left already, and file it under Sent."""
    with roads.jmap.acting_for(message.person) as store:
        try:
            draft = look(store, roads.known, message)
        except (NotReached, NoAnswer) as error:
            return _unseen(message, str(error.facts))
        if message.has_left or (message.tried_before and has_left(draft, roads.was_accepted)):
            return _file(store, roads.known, message, draft)
        if not draft.exists:
            return Refused("draftGone")
        if not draft.signed:
            return Refused("signatureMissing")
        outcome = _hand_over(store, roads.transport, message, draft)
        return _file(store, roads.known, message, draft) if isinstance(outcome, Sent) else outcome


def _unseen(message: Message, cause: str) -> Outcome:
    """Nothing could be asked: what was known before is what is known now."""
    if message.has_left:
        return Unfiled(cause)
    return Unknown(cause) if message.tried_before else Later(cause)


def look(store: Session, known: KnownFolders, message: Message) -> Draft:
    """Ask about the draft; where an earlier try may have been successful, for all that tells of it."""
    account = {"accountId": message.mailbox_key}
    wanted = ["blobId"] if message.original else ["blobId", *REFERRING]
    calls: list[Call] = []
    folders = None if message.tried_before else known.get(message.person, message.mailbox_key)
    if folders is None:
        calls.append(("Mailbox/get", {**account, "properties": ["role"]}, "m"))
    if message.tried_before:
        wanted += ["mailboxIds", "keywords", "messageId"]
        calls.append(("EmailSubmission/query", {**account, "filter": {"emailIds": [message.email_id]}}, "q"))
    get: dict[str, Any] = {**account, "ids": [message.email_id], "properties": wanted}
    if message.signature.text:
        get |= {"properties": [*wanted, *TEXTS], "fetchTextBodyValues": True, "fetchHTMLBodyValues": True}
    calls.append(("Email/get", get, "e"))
    answers = store.call(*calls)
    emails: list[dict[str, Any]] = answers["e"]["list"]
    if folders is None:
        folders = known.learn(message.person, message.mailbox_key, answers["m"]["list"])
    submissions = len(answers.by_tag.get("q", {}).get("ids", ()))
    if not emails:
        return Draft(False, folders, submissions=submissions)
    signed = is_signed(emails[0], message.signature)
    return replace(_draft(emails[0], folders), submissions=submissions, signed=signed)


def is_signed(email: dict[str, Any], signature: Filled) -> bool:
    """Whether both forms of the text hold the SIGNATURE that must be there, each in its own form."""
    if not signature.text:
        return True
    values = email.get("bodyValues") or {}

    def holds_it(name: str) -> bool:
        parts = email.get(name) or []
        plain = all(part.get("type") == "text/plain" for part in parts)
        texts = [str((values.get(part.get("partId")) or {}).get("value", "")) for part in parts]
        # Lines that a plain text quotes don't count; of HTML `holds` knows it.
        said = _QUOTED.sub("", "\n".join(texts)) if plain else "\n".join(texts)
        return holds(said, signature.text if plain else signature.html)

    return holds_it("textBody") and holds_it("htmlBody")


def _draft(email: dict[str, Any], folders: Folders) -> Draft:
    in_drafts = "keywords" not in email or bool(
        email["keywords"].get("$draft") or folders.drafts in email["mailboxIds"]
    )
    message_ids = email.get("messageId") or [""]
    refers = References.of(email)
    return Draft(True, folders, str(email["blobId"]), in_drafts, message_ids[0], refers=refers)


def has_left(draft: Draft, was_accepted: WasAccepted) -> bool:
    """Whether an earlier try was successful: filed, known as a submission, or seen by the transport."""
    if draft.submissions or (draft.exists and not draft.in_drafts):
        return True
    return bool(draft.message_id) and was_accepted(draft.message_id)


def _hand_over(store: Session, transport: Transport, message: Message, draft: Draft) -> Outcome:
    envelope = Envelope(message.person, message.mail_from, message.recipients)
    try:
        return transport.hand_over(envelope, lambda: store.blob(message.mailbox_key, draft.blob))
    except (NotReached, NoAnswer) as error:
        return Later(str(error.facts))


def _file(store: Session, known: KnownFolders, message: Message, draft: Draft) -> Outcome:
    """It has left: among what was sent it goes, now or at another try. One that is gone needs no place."""
    if not draft.exists or not draft.in_drafts:
        return Sent()
    try:
        marks = _marks(store, message, draft)
        if _moved(store, message, draft.folders, marks):
            return Sent()
        # The folders are not those that were known.
        known.forget(message.person, message.mailbox_key)
        fresh = look(store, known, message)
        done = not fresh.exists or _moved(store, message, fresh.folders, marks)
    except (NotReached, NoAnswer) as error:
        return Unfiled(str(error.facts))
    return Sent() if done else Unfiled("not moved")


def _marks(store: Session, message: Message, draft: Draft) -> dict[str, Any]:
    """What the message that is answered or passed on bears from now on."""
    original = message.original or find_original(store, message.mailbox_key, message.email_id, draft.refers)
    return {original.email_id: {f"keywords/{original.keyword}": True}} if original else {}


def _moved(store: Session, message: Message, folders: Folders, marks: dict[str, Any]) -> bool:
    """Ask for the move and for MARKS. False when Cyrus refuses the move: a folder isn't what it was.

    An original that is gone, or that the person may not mark, stays as it is.
    """
    update = {**marks, message.email_id: _filing(folders)}
    answer = store.call(("Email/set", {"accountId": message.mailbox_key, "update": update}, "f"))["f"]
    return message.email_id in (answer.get("updated") or {})


def _filing(folders: Folders) -> dict[str, Any]:
    """From draft to sent message."""
    patch: dict[str, Any] = {"keywords/$draft": None, "keywords/$seen": True}
    if folders.sent:
        patch[f"mailboxIds/{folders.sent}"] = True
    if folders.drafts and folders.sent:
        patch[f"mailboxIds/{folders.drafts}"] = None
    return patch


def reference_in(text: str) -> str:
    """The reference that an engine wrote into its refusal, or ""."""
    found = REFERENCE.search(text)
    return found.group() if found else ""


def words_in(text: str) -> str:
    """The words of an SMTP reply, without codes and reference."""
    plain = re.sub(r"\s*\[?" + REFERENCE.pattern + r"\]?", "", text)
    return _CODES.sub("", plain).strip()
