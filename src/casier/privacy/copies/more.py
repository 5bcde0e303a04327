"""Sections that aren't rows of one table: means, sessions, rules, groups, what the feed said, the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from django.db.models import Q
from django.utils import timezone, translation

from casier.audit.models import JournalEntry
from casier.directory.access import numen_vault
from casier.directory.models import Account, AccountState
from casier.engines.cyrus.expunged import decoded
from casier.feed.models import Change, Subject
from casier.groups.api import groups_of
from casier.identity import sessions
from casier.identity.means.actions import value_of
from casier.kernel.words import Words
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.filters.actions import rules_of
from casier.privacy.copies.masking import Mask
from casier.privacy.copies.rows import Row

Source = Callable[[Account, Mask], Iterator[Row]]
# What an act is called: the console says so when it is there.
act_words: list[Callable[[str], str]] = []
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class More:
    """A section with rows of its own making."""

    code: str
    title: Words
    shown: tuple[str, ...]
    rows: Source


def _means(account: Account, _mask: Mask) -> Iterator[Row]:
    for row in account.means.order_by("added_at"):
        yield {
            "kind": str(row.kind),
            "value": value_of(row),
            "created_at": row.added_at.isoformat(),
            "verified_at": _iso(row.verified_at),
            "removed_at": _iso(row.removed_at),
        }


def _numen(account: Account, _mask: Mask) -> Iterator[Row]:
    """It opens accounts elsewhere: its last signs show that it is theirs."""
    sealed = account.person.numen_sealed
    if sealed:
        number = numen_vault().open(bytes(sealed)).reveal()
        yield {"key": "•" * (len(number) - _SHOWN) + number[-_SHOWN:]}


def _sessions(account: Account, _mask: Mask) -> Iterator[Row]:
    for session in sessions.live_sessions(account.public_id, int(time.time())):
        yield {
            "device": session.terms.device,
            "source": session.terms.source,
            "created": _iso(datetime.fromtimestamp(session.terms.created, UTC)),
            "seen": _iso(datetime.fromtimestamp(session.seen, UTC)),
        }


def _rules(account: Account, _mask: Mask) -> Iterator[Row]:
    if account.state == AccountState.PURGED or account.provisioned_at is None:
        return
    rules = rules_of(account).rules
    yield {"name": "absence", "value": msgspec.to_builtins(rules.absence)}
    for item in rules.items:
        yield {"name": "", "value": msgspec.to_builtins(item)}


def _groups(account: Account, _mask: Mask) -> Iterator[Row]:
    for group in groups_of(account, timezone.localdate()):
        yield {"name": group.name, "rule": group.rule}


def _feed(account: Account, mask: Mask) -> Iterator[Row]:
    keys = list(account.person.keys.values_list("key", flat=True))
    about = Q(target__in=[str(account.person_id), account.public_id]) | Q(
        key__in=keys, run__academy__in=account.person.keys.values("academy")
    )
    rows = Change.objects.filter(about, subject=Subject.PERSON).select_related("run").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield {
            "at": row.run.started_at.isoformat(),
            "verb": str(row.verb),
            "code": row.code,
            "key": row.key,
            "label": row.label,
            "before": mask.plain(_without_numen(row.before)),
            "after": mask.plain(_without_numen(row.after)),
            "facts": mask.plain(_without_numen(row.facts)),
            "status": str(row.status),
        }


def _without_numen(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_numen(one) for name, one in value.items() if "numen" not in str(name)}
    return [_without_numen(one) for one in value] if isinstance(value, list) else value


def _journal(account: Account, mask: Mask) -> Iterator[Row]:
    who = f"account:{account.public_id}"
    # What was done to something else for them: a mailbox opened to them, a request about them.
    named = Q(payload__facts__account=account.public_id) | Q(payload__facts__about=account.public_id)
    rows = JournalEntry.objects.filter(Q(target=who) | Q(actor=who) | named).select_related("payload")
    for entry in rows.order_by("pk").iterator(chunk_size=500):
        mine, about = entry.actor == who, entry.target == who
        payload = getattr(entry, "payload", None)
        yield {
            "at": entry.at.isoformat(),
            "action": _act(entry.action, mask.language),
            "code": entry.action,
            "actor": mask.text(entry.actor),
            "target": mask.text(entry.target),
            # Where somebody else was is theirs; why somebody did something to another, too.
            "origin": entry.origin if mine else "",
            "reason": mask.text(entry.reason) if about or entry.target.partition(":")[0] != "account" else "",
            "facts": mask.plain(payload.facts) if payload and about else {},
        }


def _quarantined(account: Account, _mask: Mask) -> Iterator[Row]:
    """What the antivirus took out of their mailbox: that and when, not the message itself."""
    for row in Quarantined.objects.filter(owner=account.mailbox_key).order_by("pk"):
        yield {
            "reference": row.reference,
            "folder": decoded(row.folder),
            "why": row.finding,
            "octets": row.octets,
            "at": row.taken_at.isoformat(),
            "released_at": _iso(row.released_at),
        }


def _act(action: str, language: str) -> str:
    with translation.override(language):
        return act_words[0](action) if act_words else action


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


MORE: tuple[More, ...] = (
    More("moyens", ("Moyens de secours", "Backup means"),
         ("kind", "value", "created_at", "verified_at", "removed_at"), _means),
    More("numen", ("NUMEN", "NUMEN"), ("key",), _numen),
    More("sessions", ("Sessions ouvertes", "Open sessions"),
         ("device", "source", "created", "seen"), _sessions),
    More("regles", ("Règles et absence", "Rules and absence"), ("name", "value"), _rules),
    More("groupes", ("Groupes dont vous faites partie", "Groups that you are in"), ("name", "rule"), _groups),
    More("annuaire", ("Ce que l’annuaire a dit de vous", "What the directory said of you"),
         ("at", "verb", "code", "key", "label", "before", "after", "facts", "status"), _feed),
    More("quarantaine", ("Messages retirés par l’antivirus", "Messages that the antivirus took out"),
         ("reference", "folder", "why", "octets", "at", "released_at"), _quarantined),
    More("journal", ("Ce qui a été fait : par vous, ou à votre sujet", "What was done: by you, or about you"),
         ("at", "action", "actor", "target", "reason", "origin", "facts"), _journal),
)  # fmt: skip
