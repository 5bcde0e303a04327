"""Cards and events of a file into the collections of whoever brings it; each that can't be is told."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from casier.engines.clamav.clamd import Clamd, Finding
from casier.kernel.errors import Unavailable
from casier.mailbox.importing.appending import StoreRefused
from casier.mailbox.importing.found import Origin, Reason, Unreadable
from casier.mailbox.transfer.bringing import Bag, Brought
from casier.mailbox.transfer.dav import Collection, Dav, Put

log = logging.getLogger(__name__)
_KINDS = {"vcf": "text/vcard", "ics": "text/calendar"}


@dataclass(slots=True)
class Putting:
    """One file's. PLACED is told of each address that is new, STEP called before each thing."""

    dav: Dav
    scanner: Clamd
    placed: Callable[[str], None]
    step: Callable[[], None] = lambda: None
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Unreadable] = field(default_factory=list)
    _homes: dict[str, list[Collection]] = field(default_factory=dict, init=False)

    def put_all(self, bag: Bag) -> None:
        """What BAG holds beside mail. Raises Unavailable when the store or the scanner stops, StoreRefused
        where there is no room: what was put until then stays.
        """
        for one in bag.brought():
            self.step()
            if isinstance(one, Unreadable):
                self.wrong.append(one)
            else:
                self._put(one)

    def _put(self, one: Brought) -> None:
        origin = Origin(one.collection, one.item.called)
        home, report = self._home(one), self.scanner.scan_message(one.item.content)
        if not report.clean:
            reason = Reason.VIRUS if report.finding is Finding.VIRUS else Reason.UNSCANNABLE
            self.wrong.append(Unreadable(origin, reason, report.detail))
            return
        if home is None:
            self.wrong.append(Unreadable(origin, Reason.REFUSED))
            return
        path = f"{home.path}{one.item.name}.{one.kind}"
        outcome, said = self._asked_twice(home, one)
        match outcome:
            case Put.ADDED:
                self.placed(path)
                self.counts[one.kind] += 1
            case Put.THERE:
                self.counts["known"] += 1
            case Put.FULL:
                raise StoreRefused("NO [OVERQUOTA] collection")
            case Put.REFUSED:
                self.wrong.append(Unreadable(origin, Reason.REFUSED, said))

    def _home(self, one: Brought) -> Collection | None:
        """The collection of its file's name, else the first there is."""
        if one.kind not in self._homes:
            found = self.dav.address_books() if one.kind == "vcf" else self.dav.agendas()
            self._homes[one.kind] = found
        homes = self._homes[one.kind]
        named = (each for each in homes if each.name.casefold() == one.collection.casefold())
        return next(named, homes[0] if homes else None)

    def _asked_twice(self, home: Collection, one: Brought) -> tuple[Put, str]:
        """What the store says. It refuses what it is silent about twice while it answers everything else."""
        name, kind = f"{one.item.name}.{one.kind}", _KINDS[one.kind]
        try:
            return self.dav.put(home.path, name, one.item.content, kind)
        except Unavailable:
            log.warning("the store did not answer to %s; once more", name)
        try:
            return self.dav.put(home.path, name, one.item.content, kind)
        except Unavailable as error:
            self.dav.agendas()  # raises where it answers nothing at all
            return Put.REFUSED, str(error)
