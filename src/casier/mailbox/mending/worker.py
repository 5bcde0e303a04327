"""The worker's lane for what a killed store left behind.

What is torn is marked on the store's host until it is forgotten here, at the very end: killed at any moment,
the worker mends once more what is mended already, and looks once more where nothing is left to find.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store, Torn
from casier.kernel.errors import Unavailable
from casier.mailbox.mending.looking import Period, remove_doubled

log = logging.getLogger(__name__)
# When to look for what was delivered again, counted from the mark: Postfix tries what is in its queue at once
# when it starts, which takes a while where there is much, then after five minutes, then after ten more.
LOOKS = (timedelta(seconds=20), *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 20)))
FAILED_AGAIN = timedelta(minutes=5)


@dataclass(slots=True)
class _Progress:
    """How far this process has come with one mark."""

    mended: bool = False
    looks: int = 0


@dataclass
class Mending:
    """Asks the store what is torn, mends it at once, looks for doubles a few times, then forgets the mark."""

    store: Store
    remove_doubled: Callable[[str, Period, Store], int] = remove_doubled
    now: Callable[[], datetime] = timezone.now
    clock: Callable[[], float] = time.monotonic
    _progress: dict[str, _Progress] = field(default_factory=dict)
    _not_before: dict[str, datetime] = field(default_factory=dict)
    _next: datetime | None = None

    def step(self) -> int:
        """One round. What can't be done now is done in another."""
        try:
            torn = self.store.torn()
        except (StoreRefused, Unavailable) as error:
            log.info("what is torn is not told: %s", error)
            return 0
        self._forget_all_but(torn)
        for mailbox, marks in _by_mailbox(torn).items():
            self._mailbox(mailbox, marks)
        self._next = min(filter(None, map(self._due, torn)), default=None)
        return 0

    def next_due(self) -> datetime | None:
        """When there is something to do again, as far as the last round knew."""
        return self._next

    def _forget_all_but(self, torn: Sequence[Torn]) -> None:
        there = {mark.mark for mark in torn}
        self._progress = {name: self._progress.get(name, _Progress()) for name in there}

    def _mailbox(self, mailbox: str, marks: Sequence[Torn]) -> None:
        not_before = self._not_before.get(mailbox)
        if not_before is not None and self.now() < not_before:
            return
        try:
            self._mend(mailbox, marks)
            self._look(mailbox, marks)
        except (StoreRefused, Unavailable) as error:
            refused = isinstance(error, StoreRefused)
            log.log(logging.WARNING if refused else logging.INFO, "%s is not mended yet: %s", mailbox, error)
            if refused:
                self._not_before[mailbox] = self.now() + FAILED_AGAIN

    def _mend(self, mailbox: str, marks: Sequence[Torn]) -> None:
        if all(self._progress[mark.mark].mended for mark in marks if mark.torn):
            return
        begun = self.clock()
        self.store.mend(mailbox)
        for mark in marks:
            self._progress[mark.mark].mended = True
        log.warning("%s was torn at %s: mended in %.1f s", mailbox, marks[-1].when, self.clock() - begun)

    def _look(self, mailbox: str, marks: Sequence[Torn]) -> None:
        now = self.now()
        due = [mark for mark in marks if (at := self._due(mark)) and at <= now]
        if not due:
            return
        self.remove_doubled(mailbox, Period.around(marks[0].when, now), self.store)
        for mark in due:
            looks = sum(mark.when + after <= now for after in LOOKS)
            if looks == len(LOOKS):
                self.store.forget_torn(mark.mark)
            self._progress[mark.mark].looks = looks

    def _due(self, mark: Torn) -> datetime | None:
        looks = self._progress[mark.mark].looks
        return mark.when + LOOKS[looks] if looks < len(LOOKS) else None


def _by_mailbox(torn: Sequence[Torn]) -> dict[str, list[Torn]]:
    """Each mailbox's marks, the oldest first."""
    found: defaultdict[str, list[Torn]] = defaultdict(list)
    for mark in sorted(torn, key=lambda mark: mark.when):
        found[mark.mailbox].append(mark)
    return found
