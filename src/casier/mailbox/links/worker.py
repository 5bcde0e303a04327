"""What is done about links beside the pages: codes are sent, files are checked and kept, old ones deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.engines.clamav.clamd import Finding
from casier.engines.clamav.spec import ClamavSpec
from casier.engines.engine import Facts
from casier.identity.dispatch.post import post
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.mailbox.links import codes
from casier.mailbox.links.actions import empty, over
from casier.mailbox.links.checking import Checked, ClamdScanner, Limits, Scanner, check
from casier.mailbox.links.letters import Post, code_letter, refused_letter
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.opening import Standing, standing_of
from casier.mailbox.links.receiving import PATIENCE
from casier.mailbox.links.storage import coming_file, storage_for
from casier.policies.api import policy_for

log = logging.getLogger(__name__)
BY = Actor.system("links")
# Deleted in one turn, so that codes and checks never wait for a great clearing.
_BATCH = 50


def send_codes(send: Post = post) -> int:
    """Answer what the pages asked: a code goes to an address that the file was sent to, nothing to others."""
    done = 0
    while asked := codes.next_asked():
        visitor, language = asked
        link = (
            Link.objects.select_related("account__academy", "account__person").filter(pk=visitor.link).first()
        )
        done += 1
        if link is None or standing_of(link, timezone.now()) not in {Standing.OPEN, Standing.CHECKING}:
            continue
        if link.recipients.filter(address=visitor.address).exists():
            _send_code(link, visitor, language, send)
    return done


def _send_code(link: Link, visitor: codes.Visitor, language: str, send: Post) -> None:
    try:
        send(code_letter(link, visitor.address, codes.draw(visitor), language))
    except Unavailable as error:
        # The page offers to ask again; a code that comes much later would be worth nothing.
        log.warning("no code was sent for %s: %s (%s)", link.id.hex, error, error.reference)


@dataclass(frozen=True, slots=True)
class Files:
    """The lane of the files themselves."""

    instance: Instance
    scanner: Scanner
    limits: Callable[[], Limits]
    send: Post = post
    now: Callable[[], datetime] = timezone.now

    @classmethod
    def of(cls, instance: Instance) -> Files:
        """With the instance's clamd."""
        return cls(
            instance,
            ClamdScanner(instance.socket("clamav", "rspamd", "clamd.sock")),
            lambda: limits_of(instance),
        )

    def step(self) -> int:
        """Check one file, delete what is over; how much was done."""
        return self._check_next() + self._tidy()

    def _check_next(self) -> int:
        """A file that can't be checked now waits: nothing is given unchecked."""
        waiting = Link.objects.select_related("account__academy", "account__person")
        link = waiting.filter(state=State.CHECKING, revoked_at=None).order_by("touched_at").first()
        if link is None:
            return 0
        try:
            self._settle(link, check(coming_file(self.instance, link.id), self.scanner, self.limits()))
        except FileNotFoundError:
            log.error("the file of link %s is gone", link.id.hex)
            self._refuse(link, State.CLOSED, "missing")
        except Unavailable as error:
            log.warning("link %s waits: %s (%s)", link.id.hex, error, error.reference)
            return 0
        return 1

    def _settle(self, link: Link, checked: Checked) -> None:
        report = checked.report
        if report.finding is Finding.VIRUS:
            self._refuse(link, State.INFECTED, report.detail)
        elif not report.clean:
            self._refuse(link, State.CLOSED, report.detail)
        elif not checked.whole and policy_for(link.account.academy).links.partly_checked == "refuse":
            self._refuse(link, State.CLOSED, "too large to be checked as a whole")
        else:
            self._keep(link, whole=checked.whole)

    def _keep(self, link: Link, *, whole: bool) -> None:
        """It goes to where it is kept. Where it came is emptied last: killed before, it is done again."""
        storage, came = storage_for(self.instance), coming_file(self.instance, link.id)
        storage.keep(came, link.id)
        with transaction.atomic():
            mine = Link.objects.filter(pk=link.pk)
            mine.update(
                state=State.READY, storage=storage.name, partly_checked=not whole, touched_at=self.now()
            )
            self._record(link, "link.checked", whole=whole)
        came.unlink(missing_ok=True)
        link.refresh_from_db()
        if link.revoked_at is not None:
            empty(link, self.now())

    def _refuse(self, link: Link, state: State, finding: str) -> None:
        with transaction.atomic():
            link.state, link.finding, link.touched_at = state, finding[:200], self.now()
            link.save(update_fields=["state", "finding", "touched_at"])
            self._record(link, "link.refused", finding=finding)
        empty(link, self.now())
        try:
            self.send(refused_letter(link))
        except Unavailable as error:
            log.warning("the sender of %s was not told: %s (%s)", link.id.hex, error, error.reference)

    def _record(self, link: Link, action: str, **facts: object) -> None:
        record(
            BY, action, f"link:{link.id.hex}", "", academy=link.account.academy.slug, at=self.now(),
            name=link.name, **facts,
        )  # fmt: skip

    def _tidy(self) -> int:
        now = self.now()
        stale = Link.objects.filter(state=State.COMING, emptied_at=None, touched_at__lt=now - PATIENCE)
        done = 0
        for link in [*Link.objects.filter(over(now))[:_BATCH], *stale[:_BATCH]]:
            try:
                empty(link, now)
                done += 1
            except Unavailable as error:
                log.warning("link %s stays for now: %s (%s)", link.id.hex, error, error.reference)
        return done


def limits_of(instance: Instance) -> Limits:
    """What clamd takes, as it is configured now."""
    spec = ClamavSpec.of(instance, Facts.load(instance))
    return Limits(spec.scan_bytes, spec.message_bytes)
