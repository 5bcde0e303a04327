"""How much mail was refused at the door: from the transport's log, which alone knows of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.utils import timezone

from casier.trace.following import Logs
from casier.trace.glancing import refusing
from casier.trace.lines import Kind, of_postfix

Refused = Counter[tuple[date, str]]


def refused(logs: Logs, since: datetime, until: datetime) -> Refused:
    """How many recipients were refused, by day and by the domain of whom the mail was for.

    Of what is refused before anybody was named (an address that is blocked) nobody is told.
    """
    found: Refused = Counter()
    for line in logs.postfix.lines(since, until, refusing()):
        said = of_postfix(line)
        if said is None or said.event is None or said.event.kind is not Kind.REFUSED:
            continue
        domain = said.event.facts["to"].rpartition("@")[2].lower()
        if domain:
            found[timezone.localtime(said.event.at).date(), domain] += 1
    return found
