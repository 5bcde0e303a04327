"""The lane of imports: what came is looked through, taken in when the person says so, taken out again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.wake import tell_browsers
from casier.edge.tokens import Tokens
from casier.engines.clamav.clamd import Clamd
from casier.engines.cyrus.imap import quoted
from casier.kernel.errors import CasierError, new_reference
from casier.kernel.instance import Instance, Port
from casier.mailbox.arrivals.api import vouch_for
from casier.mailbox.importing.appending import Appended, StoreConnection, StoreRefused
from casier.mailbox.importing.found import Unreadable
from casier.mailbox.importing.names import encode
from casier.mailbox.importing.run import Import as Run
from casier.mailbox.importing.run import Report, Ways
from casier.mailbox.restoring.errors import NotYourMailbox
from casier.mailbox.restoring.placing import take_away
from casier.mailbox.stores import store_named
from casier.mailbox.transfer import words
from casier.mailbox.transfer.access import check_whole
from casier.mailbox.transfer.bringing import Bag, Brought
from casier.mailbox.transfer.dav import dav_of
from casier.mailbox.transfer.errors import Cancelled
from casier.mailbox.transfer.imports import OPEN, PATIENCE, UNDO_FOR, note
from casier.mailbox.transfer.models import Import, ImportState
from casier.mailbox.transfer.placed import Placed
from casier.mailbox.transfer.places import import_file, placed_file
from casier.mailbox.transfer.putting import Putting
from casier.mailbox.transfer.telling import tell_person
from casier.mailbox.transfer.worker import EVENT, TRIES, language_of

log = logging.getLogger(__name__)
BY = Actor.system("transfer")
_TELL_SECONDS = 1.0
_LISTED = 100
_WORK = (ImportState.LOOKING, ImportState.WAITING, ImportState.WORKING, ImportState.UNDOING)


@dataclass(frozen=True, slots=True)
class Imports:
    """The lane."""

    instance: Instance
    now: Callable[[], datetime] = timezone.now
    clock: Callable[[], float] = time.monotonic

    def step(self) -> int:
        """Do one job, delete what is over; how much was done."""
        return self._next() + self._tidy()

    def _next(self) -> int:
        rows = Import.objects.select_related("account__academy", "account__person", "account__store")
        taken = rows.filter(state__in=_WORK).order_by("touched_at").first()
        if taken is None:
            return 0
        if taken.tries >= TRIES:
            self._fail(taken, "down", "")
            return 1
        Import.objects.filter(pk=taken.pk).update(tries=taken.tries + 1)
        try:
            check_whole(taken.account, taken.mailbox_key)
            self._do(taken)
        except Cancelled:
            log.info("import %s given up", taken.id.hex)
        except CasierError as error:
            return self._stumbled(taken, error)
        except OSError as error:
            log.warning("import %s: %s", taken.id.hex, error)
            self._fail(taken, "gone", "")
        return 1

    def _do(self, taken: Import) -> None:
        match taken.state:
            case ImportState.LOOKING:
                self._look(taken)
            case ImportState.UNDOING:
                self._undo(taken)
            case _:
                self._take_in(taken)

    def _stumbled(self, taken: Import, error: CasierError) -> int:
        log.warning("import %s: %s (%s)", taken.id.hex, error, error.reference)
        if isinstance(error, StoreRefused) and "OVERQUOTA" in str(error):
            self._fail(taken, "no_room", error.reference)
        elif isinstance(error, NotYourMailbox):
            self._fail(taken, "not_yours", error.reference)
        elif taken.tries + 1 < TRIES:
            return 0
        else:
            self._fail(taken, "down", error.reference)
        return 1

    # Looking through ---------------------------------------------------------------------------
    def _look(self, taken: Import) -> None:
        bag = self._bag(taken)
        run = Run(self._ways(taken, None), self._teller(taken))
        report = run.run(bag.messages(), dry_run=True)
        found = _facts(report)
        found["items"], more = self._items(bag)
        found["leftOut"] = [*found["leftOut"], *map(_left, more)][:_LISTED]
        found["leftOutCount"] += len(more)
        rows = Import.objects.filter(pk=taken.pk, state=ImportState.LOOKING)
        rows.update(state=ImportState.LOOKED, found=found, done=0, tries=0, touched_at=self.now())
        self._say(taken)

    def _items(self, bag: Bag) -> tuple[dict[str, int], list[Unreadable]]:
        counts, wrong = {"vcf": 0, "ics": 0}, []
        for one in bag.brought():
            if isinstance(one, Brought):
                counts[one.kind] += 1
            else:
                wrong.append(one)
        return counts, wrong

    # Taking in ---------------------------------------------------------------------------------
    def _take_in(self, taken: Import) -> None:
        Import.objects.filter(pk=taken.pk, state=ImportState.WAITING).update(state=ImportState.WORKING)
        placed = Placed(placed_file(self.instance, taken))
        bag = self._bag(taken)
        run = Run(self._ways(taken, placed), self._teller(taken), doubles=taken.doubles)
        report = run.run(bag.messages(), dry_run=False)
        facts = _facts(report)
        own = taken.mailbox_key == taken.account.mailbox_key
        if own:
            put = self._put_items(taken, bag, report, placed)
            facts["items"] |= put.counts
            facts["leftOut"] = [*facts["leftOut"], *map(_left, put.wrong)][:_LISTED]
            facts["leftOutCount"] += len(put.wrong)
        self._done(taken, facts)

    def _put_items(self, taken: Import, bag: Bag, report: Report, placed: Placed) -> Putting:
        tell = self._teller(taken)
        with dav_of(self.instance, taken.mailbox_key) as dav, self._scanner() as scanner:
            putting = Putting(dav, scanner, placed.add_item, lambda: tell(report))
            putting.put_all(bag)
        return putting

    def _done(self, taken: Import, facts: dict[str, Any]) -> None:
        now = self.now()
        with transaction.atomic():
            rows = Import.objects.filter(pk=taken.pk, state=ImportState.WORKING)
            if not rows.update(state=ImportState.DONE, report=facts, ended_at=now, touched_at=now):
                raise Cancelled
            note(
                taken, "mail.imported", BY, now, mailbox=taken.mailbox_key, imported=facts["messages"],
                known=facts["known"], left_out=facts["leftOutCount"],
            )  # fmt: skip
        import_file(self.instance, taken).unlink(missing_ok=True)
        title, text = words.imported(language_of(taken), facts["messages"], facts["leftOutCount"])
        tell_person(taken.account, title, text, f"import-{taken.id.hex}", now, letter=False)
        self._say(taken)

    # Taking out again --------------------------------------------------------------------------
    def _undo(self, taken: Import) -> None:
        placed = Placed(placed_file(self.instance, taken))
        store, made = store_named(taken.account.store.name), []
        with dav_of(self.instance, taken.mailbox_key) as dav:
            for line in placed.lines():
                match line:
                    case {"folder": str(folder), "validity": int(validity), "uids": str(uids)}:
                        # a folder that was deleted since has nothing of it any more
                        with suppress(StoreRefused):
                            take_away(store, taken.mailbox_key, encode(folder), validity, uids)
                    case {"path": str(path)}:
                        dav.delete(path)
                    case {"made": str(folder)}:
                        made.append(folder)
        self._remove_empty(taken, made)
        now = self.now()
        Import.objects.filter(pk=taken.pk).update(state=ImportState.UNDONE, ended_at=now, touched_at=now)
        placed.file.unlink(missing_ok=True)
        import_file(self.instance, taken).unlink(missing_ok=True)
        self._say(taken)

    def _remove_empty(self, taken: Import, made: list[str]) -> None:
        """Folders that the import made go too, unless something is in them now."""
        with self._store(taken)() as own:
            for folder in sorted(made, key=len, reverse=True):
                name = quoted(encode(folder))
                status = own.run(f"STATUS {name} (MESSAGES)")
                if status.ok and any(b"(MESSAGES 0)" in line for line in status.lines):
                    own.run(f"DELETE {name}")
                    own.run(f"UNSUBSCRIBE {name}")

    # What they share ---------------------------------------------------------------------------
    def _bag(self, taken: Import) -> Bag:
        return Bag(import_file(self.instance, taken), taken.name, taken.folder)

    def _store(self, taken: Import) -> Callable[[], StoreConnection]:
        tokens, port = Tokens(self.instance.key("token")), self.instance.port(Port.STORE_IMAP)
        key = taken.mailbox_key
        return lambda: StoreConnection(port, key, tokens.make(key, time.time()))

    def _scanner(self) -> Clamd:
        return Clamd(self.instance.socket("clamav", "rspamd", "clamd.sock"))

    def _ways(self, taken: Import, placed: Placed | None) -> Ways:
        vouch = vouch_for(taken.mailbox_key)

        def came(folder: str, where: Appended) -> None:
            if placed:
                placed.add(folder, where)
            vouch(folder, where)

        made = placed.add_folder if placed else lambda _folder: None
        return Ways(self._store(taken), self._scanner, self.now(), came, made)

    def _teller(self, taken: Import) -> Callable[[Report], None]:
        """Tells how far it is now and then; raises Cancelled when the person gave up."""
        told = [self.clock()]

        def tell(report: Report) -> None:
            if self.clock() - told[0] < _TELL_SECONDS:
                return
            told[0] = self.clock()
            done = report.imported + report.known + len(report.left_out)
            if not Import.objects.filter(pk=taken.pk, state__in=OPEN).update(
                done=done, touched_at=self.now()
            ):
                raise Cancelled
            self._say(taken)

        return tell

    def _say(self, taken: Import) -> None:
        tell_browsers(settings.REDIS_SOCKET, EVENT, taken.account.mailbox_key)

    def _fail(self, taken: Import, reason: str, reference: str) -> None:
        now = self.now()
        with transaction.atomic():
            Import.objects.filter(pk=taken.pk).update(
                state=ImportState.FAILED, reason=reason, reference=reference or new_reference(),
                ended_at=now, touched_at=now,
            )  # fmt: skip
            note(taken, "import.failed", BY, now, cause=reason)
        import_file(self.instance, taken).unlink(missing_ok=True)
        title, text = words.import_failed(language_of(taken), reason)
        tell_person(taken.account, title, text, f"import-{taken.id.hex}", now, letter=False)
        self._say(taken)

    def _tidy(self) -> int:
        """What nobody decided about, and ways back that are too old."""
        now, done = self.now(), 0
        idle = (ImportState.COMING, ImportState.LOOKED)
        for taken in Import.objects.filter(state__in=idle, touched_at__lt=now - PATIENCE)[:50]:
            Import.objects.filter(pk=taken.pk).update(state=ImportState.CANCELLED, ended_at=now)
            import_file(self.instance, taken).unlink(missing_ok=True)
            done += 1
        for taken in Import.objects.filter(ended_at__lt=now - UNDO_FOR, tries__lt=99)[:50]:
            Import.objects.filter(pk=taken.pk).update(tries=99)
            placed_file(self.instance, taken).unlink(missing_ok=True)
            done += 1
        return done


def _facts(report: Report) -> dict[str, Any]:
    return {
        "messages": report.imported,
        "known": report.known,
        "octets": report.octets,
        "knownOctets": report.known_octets,
        "folders": dict(report.folders.most_common(50)),
        "items": {"vcf": 0, "ics": 0, "known": 0},
        "leftOut": [_left(one) for one in report.left_out[:_LISTED]],
        "leftOutCount": len(report.left_out),
    }


def _left(one: Unreadable) -> dict[str, str]:
    where = one.origin.position or one.origin.path
    return {"where": where[-200:], "reason": one.reason.value, "detail": one.detail[:100]}
