"""What waits in the schools of the demonstration: a mailbox asked for, somebody who asks to be let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.directory.models import Account, FunctionalMailbox, Role
from casier.schools.api import Kind, Request
from casier.schools.asking import address_for

_NAME, _WANTED = "Collège Marguerite-Aubry – vie scolaire", "vie-scolaire"


def ask_for_mailboxes(found: dict[str, Account | FunctionalMailbox], now: datetime) -> None:
    """Have two requests wait. Doing it twice changes nothing; nobody gets a letter about them."""
    head, asker, box = found["thierry"], found["marie-helene"], found["college"]
    if not isinstance(box, FunctionalMailbox) or box.school is None:
        return
    if not isinstance(head, Account) or not isinstance(asker, Account):
        return
    Request.objects.get_or_create(
        kind=Kind.NEW,
        school=box.school,
        address=address_for(box.school, _WANTED),
        defaults={
            "academy": box.academy,
            "name": _NAME,
            "asked_by": head,
            "by": f"account:{head.public_id}",
            "asked_at": now - timedelta(hours=5),
            "reason": "Les CPE et les AED répondent aux familles depuis leurs adresses personnelles.",
        },
    )
    Request.objects.get_or_create(
        kind=Kind.JOIN,
        school=box.school,
        mailbox=box,
        about=asker,
        defaults={
            "academy": box.academy,
            "role": Role.ANSWER,
            "asked_by": asker,
            "by": f"account:{asker.public_id}",
            "asked_at": now - timedelta(hours=2),
            "reason": "Beaucoup de messages sur les absences arrivent au secrétariat.",
        },
    )
