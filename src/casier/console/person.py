"""What the help desk sees of a person: state, why they can't get in, what they have to get in with.

Kinds and hints, never a secret: no NUMEN, no code, no address of a backup means in full.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from casier.audit.api import Recorded
from casier.audit.models import JournalEntry
from casier.audit.reading import recorded
from casier.directory.access import primary_address
from casier.directory.mandates import mandates_of
from casier.directory.models import Account, AccountState, Mandate, Posting, PostingSource
from casier.identity import sessions
from casier.identity.activation.models import CorrectionRequest
from casier.identity.api import live_app_passwords
from casier.identity.dispatch.api import Dispatched, dispatched
from casier.identity.factors.api import usable_methods
from casier.identity.guard.api import Block, block_of
from casier.identity.history.api import as_facts, sign_ins
from casier.identity.history.models import Refusal, Report, SignIn
from casier.identity.means.api import Reach, reaches
from casier.identity.models import AppPassword, User
from casier.identity.recovery.api import Letter, LetterState, Reset, ResetState
from casier.identity.sessions import LiveSession
from casier.policies.api import Policy, policy_for

SIGN_INS, ENTRIES, REFUSALS, DISPATCHES = 20, 20, 8, 10
# Sign-ins and looks stand in lists of their own.
_APART = ("identity.signed_in", "identity.sign_in_failed", "identity.signed_out", "person.looked_at")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why someone can't get in, or soon won't: a stable code and its facts."""

    code: str
    until: datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """All that is shown of one person."""

    account: Account
    address: str
    addresses: list[str]
    postings: list[Posting]  # of today
    contributes: list[date]  # the last days of what they do here as somebody from outside
    causes: list[Cause]
    block: Block | None
    methods: tuple[str, ...]
    reaches: list[Reach]
    sessions: list[LiveSession]
    programs: list[AppPassword]
    sign_ins: list[SignIn]
    refusals: list[Refusal]
    resets: list[Reset]
    letters: list[Letter]
    reports: list[Report]
    mandates: list[Mandate]
    corrections: list[CorrectionRequest]
    dispatches: Sequence[Dispatched]
    entries: list[Recorded]
    password_changed_at: datetime | None


def person_of(account: Account) -> Person:
    """What there is to see of ACCOUNT now."""
    now = timezone.now()
    policy, block, methods = policy_for(account.academy), block_of(account), usable_methods(account)
    user = User.objects.filter(account=account).first()
    return Person(
        account=account,
        address=primary_address(account),
        addresses=_addresses(account),
        postings=_postings(account, now),
        contributes=_contributes(account, now),
        causes=causes(account, user, policy, block, now),
        block=block,
        methods=methods,
        reaches=reaches(account),
        sessions=sessions.live_sessions(account.public_id, int(time.time())),
        programs=list(live_app_passwords(account)),
        sign_ins=sign_ins(account, SIGN_INS),
        refusals=list(Refusal.objects.filter(account=account).order_by("-at")[:REFUSALS]),
        resets=list(_pending_resets(account)),
        letters=list(_letters(account)),
        reports=list(Report.objects.filter(account=account, closed_at=None).order_by("-at")),
        mandates=list(mandates_of(account, now)),
        corrections=list(CorrectionRequest.objects.filter(account=account, settled_at=None)),
        dispatches=dispatched(account, DISPATCHES),
        entries=_done_to(account),
        password_changed_at=user.password_changed_at if user else None,
    )


def _done_to(account: Account) -> list[Recorded]:
    """What the journal says of ACCOUNT, the latest first."""
    rows = JournalEntry.objects.filter(target=f"account:{account.public_id}").exclude(action__in=_APART)
    return [recorded(row) for row in rows.select_related("payload").order_by("-pk")[:ENTRIES]]


def causes(
    account: Account, user: User | None, policy: Policy, block: Block | None, now: datetime
) -> list[Cause]:
    """Why ACCOUNT can't get in, the gravest first; none when nothing is in the way."""
    found = [cause for cause in (_of_state(account), _of_password(user, policy, now)) if cause]
    for lane in block.lanes if block else ():
        until = datetime.fromtimestamp(lane.until, UTC) if lane.until else None
        facts = {"lane": lane.lane, "device": lane.device, "sources": ", ".join(lane.sources)}
        found.append(Cause(f"blocked_{lane.why}", until, facts))
    return found


def _of_state(account: Account) -> Cause | None:
    if account.state == AccountState.SUSPENDED:
        last = _last_suspension(account)
        facts = {"reason": last.reason, "at": last.at.isoformat()} if last else {}
        return Cause("suspended", facts=facts)
    known = {
        AccountState.CLOSED: "closed",
        AccountState.PURGED: "closed",
        AccountState.INVITED: "invited",
    }
    code = known.get(AccountState(account.state))
    return Cause(code) if code else None


def _last_suspension(account: Account) -> JournalEntry | None:
    target = f"account:{account.public_id}"
    return JournalEntry.objects.filter(target=target, action="account.suspended").order_by("-id").first()


def _of_password(user: User | None, policy: Policy, now: datetime) -> Cause | None:
    if user is None or not user.has_usable_password():
        return Cause("no_password")
    days = policy.password.expires_days
    if days and user.password_changed_at and user.password_changed_at <= now - timedelta(days=days):
        return Cause("password_expired")
    return None


def _addresses(account: Account) -> list[str]:
    rows = account.addresses.filter(retired_at=None).order_by("-is_primary", "address")
    return [row.address for row in rows]


def _postings(account: Account, now: datetime) -> list[Posting]:
    rows = account.person.postings.select_related("school").order_by("-starts_on")
    today = now.date()
    begun = [row for row in rows if row.starts_on is None or row.starts_on <= today]
    return [row for row in begun if row.ends_on is None or row.ends_on >= today]


def _contributes(account: Account, now: datetime) -> list[date]:
    rows = account.person.postings.filter(source=PostingSource.SPONSOR, ends_on__gte=now.date())
    return [row.ends_on for row in rows.order_by("-ends_on") if row.ends_on]


def _pending_resets(account: Account) -> Any:
    return Reset.objects.filter(
        account=account, state__in=[ResetState.PENDING, ResetState.APPROVED]
    ).order_by("asked_at")


def _letters(account: Account) -> Any:
    over = [LetterState.USED, LetterState.EXPIRED, LetterState.REVOKED]
    return Letter.objects.filter(account=account).exclude(state__in=over).order_by("asked_at")


def as_plain(person: Person) -> dict[str, Any]:
    """PERSON as programs read it (JSON)."""
    account = person.account
    return {
        "address": person.address,
        "id": account.public_id,
        "name": account.person.full_name,
        "academy": account.academy.slug,
        "state": account.state,
        "addresses": person.addresses,
        "postings": [
            {"function": row.label or row.function, "school": row.school.name if row.school else ""}
            for row in person.postings
        ],
        "causes": [_cause(cause) for cause in person.causes],
        "factors": list(person.methods),
        "means": [{"kind": reach.kind, "hint": reach.hint} for reach in person.reaches],
        "sessions": [_session(session) for session in person.sessions],
        "appPasswords": [{"id": row.id.hex, "name": row.name} for row in person.programs],
        "signIns": [as_facts(row) for row in person.sign_ins],
        "references": [as_facts(row) for row in person.refusals],
        "resets": [reset_facts(row) for row in person.resets],
        "letters": [letter_facts(row) for row in person.letters],
        "reports": [row.reference for row in person.reports],
        "corrections": [row.reference for row in person.corrections],
        "dispatches": [_dispatched(row) for row in person.dispatches],
        "mandates": [str(row.office) for row in person.mandates],
        "passwordChangedAt": _iso(person.password_changed_at),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {"code": cause.code, "until": _iso(cause.until), **cause.facts}


def _dispatched(row: Dispatched) -> dict[str, Any]:
    """What was sent and how far it is; to whom is masked, what it said isn't there."""
    return {
        "id": row.id,
        "kind": row.kind,
        "to": row.hint,
        "why": row.why,
        "state": str(row.fate),
        "reason": row.reason,
        "gateway": row.gateway,
        "tries": row.tries,
        "at": _iso(row.created_at),
        "doneAt": _iso(row.done_at),
    }


def _session(session: LiveSession) -> dict[str, Any]:
    seen = datetime.fromtimestamp(session.seen, UTC)
    terms = session.terms
    return {"device": terms.device, "source": terms.source, "seen": _iso(seen), "proofs": list(terms.proofs)}


def reset_facts(row: Reset) -> dict[str, Any]:
    """A reset as programs read it."""
    return {
        "id": row.id.hex,
        "address": primary_address(row.account),
        "kind": str(row.kind),
        "state": str(row.state),
        "checks": list(row.checks),
        "reason": row.reason,
        "askedBy": row.asked_by,
        "askedAt": _iso(row.asked_at),
        "approvedBy": row.approved_by,
    }


def letter_facts(row: Letter) -> dict[str, Any]:
    """A letter as programs read it: its code stands on paper alone."""
    return {
        "id": row.id.hex,
        "address": primary_address(row.account),
        "state": str(row.state),
        "reason": row.reason,
        "askedBy": row.asked_by,
        "askedAt": _iso(row.asked_at),
        "expiresAt": _iso(row.expires_at),
        "factors": row.resets_factors,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
