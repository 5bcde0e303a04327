"""The lanes: exports are made and deleted in time, files that came are looked through and taken in.

One job of a lane at a time. A job that a killed worker held is done again, a few times; what can't be done
then is told as a failure with a reference.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.wake import tell_browsers
from casier.edge.tokens import Tokens
from casier.kernel.errors import CasierError, new_reference
from casier.kernel.instance import Instance, Port
from casier.mailbox.importing.appending import StoreConnection
from casier.mailbox.restoring.errors import NotYourMailbox
from casier.mailbox.transfer import exporting, words
from casier.mailbox.transfer.access import open_folders
from casier.mailbox.transfer.archive import finish
from casier.mailbox.transfer.dav import dav_of
from casier.mailbox.transfer.errors import Cancelled, NoDisk, TooLarge
from casier.mailbox.transfer.exports import LIVE, note
from casier.mailbox.transfer.models import Export, ExportState, Import
from casier.mailbox.transfer.places import check_disk, export_file, part_file
from casier.mailbox.transfer.telling import tell_person, told_size
from casier.policies.api import policy_for

log = logging.getLogger(__name__)
EVENT = "transfer"
BY = Actor.system("transfer")
# Fifteen seconds apart: minutes of an engine being away, no endless round with what kills the worker.
TRIES = 20
_TELL_SECONDS = 1.0
_REASONS = {NoDisk: "no_disk", TooLarge: "too_large", NotYourMailbox: "not_yours"}


@dataclass(frozen=True, slots=True)
class Exports:
    """The lane of exports."""

    instance: Instance
    now: Callable[[], datetime] = timezone.now
    clock: Callable[[], float] = time.monotonic

    def step(self) -> int:
        """Make one export, delete what is over; how much was done."""
        return self._make_next() + self._tidy()

    def _make_next(self) -> int:
        rows = Export.objects.select_related("account__academy", "account__person", "account__store")
        export = rows.filter(state__in=LIVE).order_by("created_at").first()
        if export is None:
            return 0
        if export.tries >= TRIES:
            self._fail(export, "down")
            return 1
        Export.objects.filter(pk=export.pk).update(
            state=ExportState.WORKING, tries=export.tries + 1, touched_at=self.now()
        )
        try:
            self._make(export)
        except Cancelled:
            log.info("export %s given up", export.id.hex)
        except CasierError as error:
            return self._stumbled(export, error)
        except OSError as error:
            log.warning("export %s: %s", export.id.hex, error)
            self._fail(export, "no_disk")
        finally:
            part_file(self.instance, export).unlink(missing_ok=True)
        return 1

    def _stumbled(self, export: Export, error: CasierError) -> int:
        """What is down may be up in a moment; the rest is settled."""
        reason = next((name for kind, name in _REASONS.items() if isinstance(error, kind)), "down")
        log.warning("export %s: %s (%s)", export.id.hex, error, error.reference)
        if reason == "down" and export.tries + 1 < TRIES:
            return 0
        self._fail(export, reason, error.reference)
        return 1

    def _make(self, export: Export) -> None:
        limit = policy_for(export.account.academy).transfer.export_bytes
        part, key = part_file(self.instance, export), export.mailbox_key
        told = [self.clock()]

        def tell(progress: exporting.Progress) -> None:
            if progress.octets > limit:
                raise TooLarge(limit=limit)
            if self.clock() - told[0] >= _TELL_SECONDS:
                told[0] = self.clock()
                check_disk(self.instance, 0)
                self._tell(export, progress)

        progress = exporting.Progress(tell=tell)
        allowed = open_folders(export.account, key)
        folders = _narrowed(tuple(export.folders) or None, allowed)
        wanted = exporting.Wanted(
            key, folders, export.mail, export.contacts, export.agendas, export.mbox, language_of(export)
        )
        tokens, port = Tokens(self.instance.key("token")), self.instance.port(Port.STORE_IMAP)

        def store() -> StoreConnection:
            return StoreConnection(port, key, tokens.make(key, time.time()))

        with dav_of(self.instance, key) as dav:
            more = dav if export.contacts or export.agendas else None
            exporting.write(part, wanted, store, more, self.now(), progress)
        finish(part, export_file(self.instance, export))
        self._ready(export, progress)

    def _tell(self, export: Export, progress: exporting.Progress) -> None:
        mine = Export.objects.filter(pk=export.pk, state=ExportState.WORKING)
        facts = {"done": progress.done, "total": progress.total, "octets": progress.octets}
        if not mine.update(touched_at=self.now(), **facts):
            raise Cancelled
        tell_browsers(settings.REDIS_SOCKET, EVENT, export.account.mailbox_key)

    def _ready(self, export: Export, progress: exporting.Progress) -> None:
        now = self.now()
        days = policy_for(export.account.academy).transfer.export_days
        octets = export_file(self.instance, export).stat().st_size
        with transaction.atomic():
            taken = Export.objects.filter(pk=export.pk, state=ExportState.WORKING).update(
                state=ExportState.READY, done=progress.done, total=progress.total, octets=octets,
                ended_at=now, touched_at=now, expires_at=now + timedelta(days=days),
            )  # fmt: skip
            if taken:
                note(export, "export.ready", BY, now, messages=progress.done, octets=octets)
        if not taken:
            export_file(self.instance, export).unlink(missing_ok=True)
            raise Cancelled
        until = now + timedelta(days=days)
        language = language_of(export)
        title, text = words.ready(language, told_size(octets, language), until)
        tell_person(export.account, title, text, f"export-{export.id.hex}", now, letter=export.letter)
        tell_browsers(settings.REDIS_SOCKET, EVENT, export.account.mailbox_key)

    def _fail(self, export: Export, reason: str, reference: str = "") -> None:
        now = self.now()
        with transaction.atomic():
            Export.objects.filter(pk=export.pk).update(
                state=ExportState.FAILED, reason=reason, reference=reference or new_reference(),
                ended_at=now, touched_at=now,
            )  # fmt: skip
            note(export, "export.failed", BY, now, cause=reason)
        title, text = words.export_failed(language_of(export), reason)
        tell_person(export.account, title, text, f"export-{export.id.hex}", now, letter=export.letter)
        tell_browsers(settings.REDIS_SOCKET, EVENT, export.account.mailbox_key)

    def _tidy(self) -> int:
        over = Export.objects.filter(state=ExportState.READY, expires_at__lte=self.now())[:50]
        for export in over:
            export_file(self.instance, export).unlink(missing_ok=True)
            Export.objects.filter(pk=export.pk).update(state=ExportState.EXPIRED, touched_at=self.now())
        return len(over)


def language_of(job: Export | Import) -> str:
    """The language of whoever asked."""
    user = getattr(job.account, "user", None)
    return "en" if getattr(user, "locale", "fr") == "en" else "fr"


def _narrowed(wanted: tuple[str, ...] | None, allowed: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """What is wanted, as far as it is open."""
    if allowed is None:
        return wanted
    return allowed if wanted is None else tuple(name for name in wanted if name in allowed)
