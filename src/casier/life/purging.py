"""The end: everything that was somebody's is erased, looked for afterwards, and certified.

The engines first, then the rows, in one transaction with the certificate; killed anywhere, it goes on. What
is kept, and why, stands in `KEPT`: a test refuses a table that is in neither list.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from casier.audit.api import Actor, record
from casier.audit.wake import client
from casier.directory.actions.accounts import purged
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState
from casier.engines.cyrus.erasing import Erasing
from casier.identity.sessions import end_all
from casier.kernel import published
from casier.kernel.chunks import chunks
from casier.kernel.errors import CasierError
from casier.life.clocks import day_of, is_held_on, open_departure, purges_on, spans, spans_of
from casier.life.closing import lock
from casier.life.dates import Span
from casier.life.errors import Held, NotLeaving, TooEarly
from casier.life.models import Certificate, Departure, Outcome
from casier.life.telling import tell_departure
from casier.mailbox.links.actions import empty
from casier.mailbox.links.models import Link
from casier.mailbox.stores import store_named
from casier.mailbox.transfer.models import Export, Import
from casier.mailbox.transfer.places import export_file, import_file, part_file, placed_file

log = logging.getLogger(__name__)

# How many departures are looked at with one question about their holds.
LOOKED_AT = 200
# What goes, by table and the fields that say whose it is. What hangs on these rows goes with them.
ERASED: Mapping[str, tuple[str, ...]] = {
    "announcements.Dismissal": ("account",),
    "choices.Choice": ("account",),
    # With what was asked for them.
    "console.MailboxSize": ("account",),
    "contributors.Stay": ("account",),
    "directory.Delegation": ("owner", "delegate"),
    "directory.EndedMembership": ("account",),
    "directory.Membership": ("account",),
    "filters.RedirectAddress": ("account",),
    "identity_activation.CorrectionRequest": ("account",),
    "identity_activation.Invitation": ("account",),
    "identity_factors.EnrolmentClock": ("account",),
    "identity_factors.RecoveryCode": ("account",),
    "identity_factors.Telephone": ("account",),
    "identity_factors.Totp": ("account",),
    "identity_factors.TrustedDevice": ("account",),
    "identity_factors.WebAuthnKey": ("account",),
    "identity_guard.Habits": ("account",),
    "identity_guard.KnownDevice": ("account",),
    "identity_history.NoticeSent": ("account",),
    "identity_means.Code": ("account",),
    "identity_means.Means": ("account",),
    "identity_recovery.DeskRequest": ("account",),
    "identity_recovery.Letter": ("account",),
    "identity_recovery.RecoveryLink": ("account",),
    "identity_recovery.Reset": ("account",),
    "identity_recovery.SecretAnswer": ("account",),
    "life.Idleness": ("account",),
    "links.Link": ("account",),
    "notifications.Notification": ("account",),
    "offline.DeviceCopy": ("account",),
    "push.Device": ("account",),
    "sending.PendingSend": ("account",),
    "transfer.Export": ("account",),
    "transfer.Import": ("account",),
    "writing.Template": ("account",),
    "identity.AppPassword": ("account",),
    "identity.PastPassword": ("account",),
    "identity.User": ("account",),
}
# What stays, and why.
KEPT: Mapping[str, str] = {
    "console.OperationLine": "an act on many: forgotten with it, after a year",
    "contributors.Request": "who asked: what was asked goes with the contributor, or a year after a refusal",
    "directory.Address": "kept from others for the time that the policy sets",
    "directory.FindLine": "whoever looks for the account finds its certificate",
    "directory.Mandate": "who held which office when: what they did stands in the journal",
    "identity_activation.Acceptance": "that the charter was accepted, for as long as deeds under it are kept",
    "identity_dispatch.Dispatch": "sealed, emptied once sent; the last letter goes out by it",
    "identity_history.Refusal": "access log, forgotten by itself after the legal time",
    "identity_history.Report": "the security officer's",
    "identity_history.SignIn": "access log, forgotten by itself after the legal time",
    "life.Certificate": "what was erased",
    "life.Departure": "the author, dates and reasons of the end",
    "life.Hold": "who stopped the clock, and why",
    "privacy.Erasure": "that erasing was asked for, and done",
    "privacy.PersonExport": "who was handed a copy of what there was",
    "rights.Line": "the review of rights",
    "schools.Leaving": "who let somebody go from which school, when and why",
    "schools.Request": "what was asked for a school's mailboxes, and who answered",
    "teamwork.Answer": "work on a shared mailbox, which is others' too",
    "teamwork.Work": "work on a shared mailbox, which is others' too",
}


class Left(CasierError):
    """Something is still there after it was erased."""

    code = "purge_left"


def purge(account: Account, *, by: Actor, reason: str, now: datetime) -> Certificate:
    """Erase what ACCOUNT held, its day having come. Raises NotLeaving, TooEarly, Held, WrongState, Left,
    Unavailable: then it is tried again, and there is no way back any more.
    """
    departure = _claim(account, now)
    erasing = Erasing(store_named(departure.account.store.name), departure.account.mailbox_key)
    removed = _remember(departure, erasing)
    erasing.erase()
    _erase_files(departure.account, now)
    left = erasing.left(removed["ids"])
    if left:
        raise Left(account=departure.account.public_id, left=left[:20])
    return _certify(departure, removed, by, reason, now)


def due(now: datetime) -> Iterator[Departure]:
    """Departures whose purge is due, or was begun; the oldest first. However many a hold puts off, they stand
    in nobody's way.
    """
    rows = Departure.objects.filter(
        Q(next_try_at=None) | Q(next_try_at__lte=now), ended_on=None, purge_on__lte=day_of(now)
    ).select_related("account__academy", "account__store")
    for some in chunks(rows.order_by("purge_on", "pk").iterator(chunk_size=LOOKED_AT), LOOKED_AT):
        held = spans_of(row.account_id for row in some)
        yield from (row for row in some if _is_due(row, held.get(row.account_id, []), now))


def _is_due(departure: Departure, held: list[Span], now: datetime) -> bool:
    if departure.purging_since is not None:
        return True
    day = purges_on(departure, held)
    return day is not None and day <= day_of(now)


def _claim(account: Account, now: datetime) -> Departure:
    """From here on there is no way back: whoever reopens, or holds, is too late or was in time."""
    with transaction.atomic():
        locked = lock(account)
        departure = open_departure(locked)
        if departure is None or departure.closed_on is None:
            raise NotLeaving("The account isn't closed.", account=locked.public_id)
        if locked.state != AccountState.CLOSED:
            raise WrongState("The account isn't closed.", state=locked.state)
        if departure.purging_since is None:
            if is_held_on(locked, day_of(now)):
                raise Held("A hold keeps what this account holds.", account=locked.public_id)
            if not _is_due(departure, spans(departure.account), now):
                raise TooEarly("Its day hasn't come.", account=locked.public_id)
            departure.purging_since = now
            departure.save(update_fields=["purging_since"])
        departure.account = locked
    return departure


def _remember(departure: Departure, erasing: Erasing) -> dict[str, Any]:
    """What there was to erase: written down before anything goes, so that a second try knows it still."""
    known: dict[str, Any] = departure.lost.get("erased", {})
    held = asdict(erasing.held())
    ids = sorted({*known.get("ids", ()), *held["ids"]})
    counts = {name: max(count, known.get(name, 0)) for name, count in held.items() if name != "ids"}
    counts |= _files_of(departure.account, known)
    departure.lost = {**departure.lost, "erased": {**counts, "ids": ids}}
    departure.save(update_fields=["lost"])
    return {**counts, "ids": ids}


def _files_of(account: Account, known: Mapping[str, Any]) -> dict[str, int]:
    found = {
        "links": Link.objects.filter(account=account, emptied_at=None).count(),
        "exports": Export.objects.filter(account=account).count(),
        "imports": Import.objects.filter(account=account).count(),
    }
    return {name: max(count, known.get(name, 0)) for name, count in found.items()}


def _erase_files(account: Account, now: datetime) -> None:
    instance = settings.CASIER_INSTANCE
    for link in Link.objects.filter(account=account, emptied_at=None):
        empty(link, now)
    for export in Export.objects.filter(account=account):
        export_file(instance, export).unlink(missing_ok=True)
        part_file(instance, export).unlink(missing_ok=True)
    for taken in Import.objects.filter(account=account):
        import_file(instance, taken).unlink(missing_ok=True)
        placed_file(instance, taken).unlink(missing_ok=True)
    end_all(account.public_id)
    keys = (published.verified_key(account.mailbox_key), published.redirected_key(account.mailbox_key))
    client(settings.REDIS_SOCKET).delete(*keys)


def _certify(
    departure: Departure, removed: Mapping[str, Any], by: Actor, reason: str, now: datetime
) -> Certificate:
    with transaction.atomic():
        account = lock(departure.account)
        # The last letter to the backup address, before the address itself goes.
        tell_departure(departure, "purged", now)
        rows = {label: rows_of(label, account).delete()[0] for label in ERASED}
        counts = {name: count for name, count in removed.items() if name != "ids"}
        facts = {**counts, "rows": {label: count for label, count in rows.items() if count}}
        there = {label: rows_of(label, account).count() for label in ERASED}
        if any(there.values()):
            raise Left(account=account.public_id, rows=there)
        found = {"store": 0, "disk": 0, "rows": 0}
        digest = digest_of(facts, found)
        certificate = Certificate.objects.create(
            account=account,
            departure=departure,
            at=now,
            by=by.name,
            removed=facts,
            found=found,
            digest=digest,
        )
        purged(account, by=by, reason=reason, now=now)
        departure.outcome, departure.ended_on = Outcome.PURGED, day_of(now)
        departure.redirect_to, departure.lost = "", {}
        departure.save(update_fields=["outcome", "ended_on", "redirect_to", "lost"])
        record(
            by, "account.purge_certified", f"account:{account.public_id}", reason,
            academy=account.academy.slug, at=now, certificate=certificate.id.hex, digest=digest,
        )  # fmt: skip
    return certificate


def digest_of(removed: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """What the journal holds of a certificate."""
    text = json.dumps([removed, found], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def rows_of(label: str, account: Account) -> models.QuerySet[models.Model]:
    """What goes of the table LABEL with ACCOUNT."""
    model = apps.get_model(label)
    wanted = Q()
    for field in ERASED[label]:
        wanted |= Q(**{field: account})
    found: models.QuerySet[models.Model] = model._default_manager.filter(wanted)
    return found
