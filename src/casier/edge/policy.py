"""Who may send as whom.

The engines let anyone write any sender; these rules are where that ends. They hold for the envelope (Postfix
asks at DATA) and for `From:`, `Sender:` and `Resent-*` (Rspamd asks for the addresses it found).
Postfix is answered only with DUNNO, PREPEND, 554 and 451: Cyrus rewrites what other codes say.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from casier.edge.records import Records
from casier.kernel.errors import Unavailable, new_reference
from casier.kernel.published import PREFIX, Access, AccountState

HOUR = 3600
HEADER = "X-Casier-Login"


class Decision(StrEnum):
    """What becomes of a message."""

    ALLOW = "allow"
    REJECT = "reject"
    DEFER = "defer"


class Reason(StrEnum):
    """Why it is not allowed; the words are in `_TEXT`."""

    NONE = ""
    NO_LOGIN = "no_login"
    UNKNOWN_LOGIN = "unknown_login"
    NOT_OPEN = "not_open"
    NOT_YOURS = "not_yours"
    TOO_MANY = "too_many_recipients"
    TOO_LARGE = "too_large"
    NOT_TO_THERE = "not_to_there"
    TOO_MANY_TARGETS = "too_many_targets"
    UNAVAILABLE = "unavailable"


_TEXT = {
    Reason.NO_LOGIN: "Envoi refuse : aucune connexion / Sending needs a login",
    Reason.UNKNOWN_LOGIN: "Envoi refuse : compte inconnu / Unknown account",
    Reason.NOT_OPEN: "Envoi refuse : compte suspendu / Account suspended",
    Reason.NOT_YOURS: "Envoi refuse : cette adresse n'est pas la votre / Sender address is not yours",
    Reason.TOO_MANY: "Trop de destinataires en une heure, reessayez / Too many recipients this hour",
    Reason.TOO_LARGE: "Message trop volumineux, envoyez un lien / Message too large, send a link instead",
    Reason.NOT_TO_THERE: "Redirection refusee par votre academie / Your academy forbids this redirect",
    Reason.TOO_MANY_TARGETS: "Redirections trop nombreuses / Redirects to too many addresses",
    Reason.UNAVAILABLE: "Service momentanement indisponible, reessayez / Temporarily unavailable, try again",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reason; anything but ALLOW carries a reference that is also in the log."""

    decision: Decision
    reason: Reason = Reason.NONE
    reference: str = ""
    noted: bool = False  # what was sent is to be told to `/handed-over`

    @property
    def text(self) -> str:
        """One line for SMTP, in French and English without accents (RFC 5321 §4.2)."""
        return f"{_TEXT[self.reason]} [{self.reference}]" if self.reason else ""


ALLOWED = Verdict(Decision.ALLOW)
ALLOWED_AND_NOTED = Verdict(Decision.ALLOW, noted=True)


def rejected(reason: Reason) -> Verdict:
    return Verdict(Decision.REJECT, reason, new_reference())


def deferred(reason: Reason) -> Verdict:
    return Verdict(Decision.DEFER, reason, new_reference())


class Road(StrEnum):
    """How a message comes to Postfix, as its `policy_context` says."""

    JMAP = "jmap"  # Cyrus httpd
    CLIENTS = "clients"  # mail programs, behind nginx
    REDIRECT = "redirect"  # Cyrus lmtpd: what a person's Sieve script sends on


@dataclass(frozen=True, slots=True)
class Submission:
    """A message about to be handed in."""

    road: Road | None
    login: str  # mailbox key
    sender: str  # envelope; empty for receipts and absence notices (RFC 8098 §3)
    recipients: int


def submission_from(attributes: dict[str, str]) -> Submission:
    """What Postfix tells at DATA: Cyrus's `AUTH=` is `sasl_sender`, a client's login `sasl_username`.

    Only the attribute of the road is believed: a mail program could write an `AUTH=` of its own.
    """
    road = Road(context) if (context := attributes.get("policy_context", "")) in list(Road) else None
    name = "sasl_username" if road == Road.CLIENTS else "sasl_sender"
    count = attributes.get("recipient_count", "")
    return Submission(
        road,
        attributes.get(name, "") if road else "",
        attributes.get("sender", ""),
        int(count) if count.isdigit() else 0,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """Addresses by which a message says whose it is: AUTHOR `From:`, SENDER `Sender:`, OTHERS `Resent-*`."""

    author: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def owns(account: AccountState, address: str, now: float) -> bool:
    """Whether ACCOUNT may write ADDRESS as a sender, all by itself."""
    asked = address.lower()
    return asked in account.addresses or account.sends_as.get(asked, 0) > now


def speaks_for(account: AccountState, address: str, now: float) -> bool:
    """Whether ACCOUNT may write ADDRESS as an author, where its own name stands beside it."""
    return owns(account, address, now) or account.behalf.get(address.lower(), 0) > now


def names_itself(account: AccountState, address: str) -> bool:
    """Whether ADDRESS is the person's own, not that of a mailbox they share."""
    return address.lower() in account.addresses and address.lower() not in account.lent


def may_show(account: AccountState, shown: Shown, now: float) -> bool:
    """Whether ACCOUNT may write a message that shows these: its own, or with its name beside another's.

    RFC 5322 §3.6.2: `From:` names the author, `Sender:` who really sent it.
    """
    if not all(owns(account, address, now) for address in (*shown.sender, *shown.others)):
        return False
    if all(owns(account, address, now) for address in shown.author):
        return True
    named = bool(shown.sender) and all(names_itself(account, address) for address in shown.sender)
    return named and all(speaks_for(account, address, now) for address in shown.author)


def is_noted(account: AccountState) -> bool:
    """Whether others want to know of the answers that ACCOUNT writes: it shares a mailbox with them."""
    return bool(account.shared) or account.lends


def largest_message(account: AccountState) -> int:
    """In bytes: base64 makes what is attached a third larger, text and headers come on top."""
    return account.attachment_bytes * 7 // 5


@dataclass(frozen=True, slots=True)
class SenderPolicy:
    """The rules, with what they ask."""

    records: Records
    header_key: bytes
    recipients_per_hour: int

    async def may_send(self, login: str, shown: Shown, now: float, size: int = 0) -> Verdict:
        """Whether LOGIN (a mailbox key) may send SIZE bytes that show these senders.

        Guessing would hide spoofing (RFC 6409 §6.1). When what is published can't be read the message waits.
        """
        return await self._judge(login, size, lambda account: may_show(account, shown, now))

    async def _judge(self, login: str, size: int, may: Callable[[AccountState], bool]) -> Verdict:
        if not login:
            return rejected(Reason.NO_LOGIN)
        try:
            account = await self.records.owner(login)
        except Unavailable:
            return deferred(Reason.UNAVAILABLE)
        if account is None:
            return rejected(Reason.UNKNOWN_LOGIN)
        if account.access != Access.OPEN:
            return rejected(Reason.NOT_OPEN)
        if not may(account):
            return rejected(Reason.NOT_YOURS)
        passes = ALLOWED_AND_NOTED if is_noted(account) else ALLOWED
        return rejected(Reason.TOO_LARGE) if size > largest_message(account) else passes

    async def may_submit(self, submission: Submission, now: float) -> Verdict:
        """Whether a message may be handed in: the sender is the login's, this hour's recipients in bounds.

        The null sender is anyone's: receipts carry it. A redirect's is an outsider, rewritten later. Whether
        who writes on someone's behalf says so is seen in the message, by Rspamd.
        """
        checked = submission.sender and submission.road != Road.REDIRECT

        def may(account: AccountState) -> bool:
            return not checked or speaks_for(account, submission.sender, now)

        verdict = await self._judge(submission.login, 0, may)
        if verdict.decision != Decision.ALLOW:
            return verdict
        return await self._within_limit(submission, now)

    async def _within_limit(self, submission: Submission, now: float) -> Verdict:
        key = f"{PREFIX}sent:{submission.login}:{int(now) // HOUR}"
        try:
            total = await self.records.add(key, submission.recipients, 2 * HOUR)
        except Unavailable:
            return deferred(Reason.UNAVAILABLE)
        return ALLOWED if total <= self.recipients_per_hour else deferred(Reason.TOO_MANY)

    async def action(self, attributes: dict[str, str], now: float) -> tuple[str, Verdict]:
        """Postfix's action for one request, and the verdict behind it."""
        submission = submission_from(attributes)
        verdict = await self.may_submit(submission, now)
        nobodys = verdict.reason in (Reason.NO_LOGIN, Reason.UNKNOWN_LOGIN)
        if nobodys and submission.road == Road.REDIRECT:
            return "DUNNO", ALLOWED  # a functional mailbox's script, or a notice of Sieve itself
        if verdict.decision == Decision.ALLOW:
            return f"PREPEND {signed_header(submission.login, self.header_key)}", verdict
        code = 554 if verdict.decision == Decision.REJECT else 451
        return f"{code} {verdict.text}", verdict


def signed_header(login: str, key: bytes) -> str:
    """The header line that tells Rspamd, beyond forging, whose message this is."""
    return f"{HEADER}: {login}; {hmac.digest(key, login.encode(), 'sha256').hex()}"
