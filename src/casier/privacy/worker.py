"""The lane: copies of people's data are made and deleted in time, erasures done. One at a time."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.kernel.errors import CasierError, new_reference
from casier.kernel.instance import Instance
from casier.mailbox.transfer import exporting
from casier.mailbox.transfer.archive import finish
from casier.mailbox.transfer.errors import Cancelled, NoDisk
from casier.mailbox.transfer.places import check_disk
from casier.mailbox.transfer.telling import tell_person
from casier.policies.api import policy_for
from casier.privacy import erasing
from casier.privacy.copies.asking import LIVE, expire, note, part_file, whole_file, with_mailbox
from casier.privacy.copies.mail import size_of
from casier.privacy.copies.making import Made, make
from casier.privacy.models import ExportState, PersonExport
from casier.privacy.words import READY, in_words

log = logging.getLogger(__name__)
BY = Actor.system("privacy")
# Fifteen seconds apart: minutes of an engine being away, no endless round with what kills the worker.
TRIES = 20
# The disk is looked at each time that so many octets were written: attachments may be large.
LOOK_EVERY = 64_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Privacy:
    """The lane of one instance."""

    instance: Instance
    now: Callable[[], datetime] = timezone.now

    def step(self) -> int:
        """Make one copy, delete what is over, erase one person; how much was done."""
        return self._make_next() + expire(self.now()) + erasing.step(self.now())

    def _make_next(self) -> int:
        rows = PersonExport.objects.select_related("account__academy", "account__person", "account__store")
        copy = rows.filter(state__in=LIVE).order_by("created_at").first()
        if copy is None:
            return 0
        if copy.tries >= TRIES:
            self._fail(copy)
            return 1
        working = {"state": ExportState.WORKING, "tries": copy.tries + 1, "touched_at": self.now()}
        PersonExport.objects.filter(pk=copy.pk).update(**working)
        try:
            self._make(copy)
        except Cancelled:
            log.info("copy %s given up", copy.id.hex)
        except NoDisk as error:
            log.warning("copy %s: no room on the disk: %s (%s)", copy.id.hex, error.facts, error.reference)
            self._fail(copy, error)
        except CasierError as error:
            log.warning("copy %s: %s (%s)", copy.id.hex, error, error.reference)
            return 0
        except OSError as error:
            log.warning("copy %s: %s", copy.id.hex, error)
            self._fail(copy, NoDisk() if error.errno in _FULL else None)
        finally:
            part_file(self.instance, copy).unlink(missing_ok=True)
        return 1

    def _make(self, copy: PersonExport) -> None:
        part, looked = part_file(self.instance, copy), 0
        # What can't end well isn't begun: mail needs the room.
        check_disk(self.instance, size_of(copy.account) if with_mailbox(copy) else 0)

        def tell(progress: exporting.Progress) -> None:
            nonlocal looked
            if progress.done % 500 == 0 or progress.octets - looked >= LOOK_EVERY:
                looked = progress.octets
                check_disk(self.instance, 0)
                if not self._mine(copy).update(touched_at=self.now(), octets=progress.octets):
                    raise Cancelled

        progress = exporting.Progress(tell=tell)
        made = make(
            part, copy.account, self.instance, copy.language, self.now(), progress, mailbox=with_mailbox(copy)
        )
        finish(part, whole_file(self.instance, copy))
        self._ready(copy, made)

    def _mine(self, copy: PersonExport) -> QuerySet[PersonExport]:
        return PersonExport.objects.filter(pk=copy.pk, state=ExportState.WORKING)

    def _ready(self, copy: PersonExport, made: Made) -> None:
        now, file = self.now(), whole_file(self.instance, copy)
        days = policy_for(copy.account.academy).transfer.export_days
        with transaction.atomic():
            taken = self._mine(copy).update(
                state=ExportState.READY, octets=file.stat().st_size, digest=made.digest, ended_at=now,
                touched_at=now, expires_at=now + timedelta(days=days),
            )  # fmt: skip
            if taken:
                note(
                    copy, "person.export_ready", BY, now,
                    messages=made.messages, rows=made.rows, digest=made.digest,
                )  # fmt: skip
        if not taken:
            file.unlink(missing_ok=True)
        elif copy.own:
            title, text = (in_words(pair, copy.language) for pair in READY)
            tell_person(copy.account, title, text, f"copy-{copy.id.hex}", now, letter=False)

    def _fail(self, copy: PersonExport, error: CasierError | None = None) -> None:
        now, reference = self.now(), error.reference if error else new_reference()
        log.warning("copy %s failed (%s)", copy.id.hex, reference)
        with transaction.atomic():
            PersonExport.objects.filter(pk=copy.pk).update(
                state=ExportState.FAILED, ended_at=now, touched_at=now, reference=reference,
                fault=error.code if error else "",
            )  # fmt: skip
            note(copy, "person.export_failed", BY, now)
