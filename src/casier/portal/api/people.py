"""Completion of recipients from the directory."""

from __future__ import annotations

from typing import cast

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.directory.life import ENDED
from casier.directory.models import Account, Address, FunctionalMailbox, Posting
from casier.directory.postings import held_on
from casier.feed.contacts.showing import Contact, completing
from casier.kernel.addresses import fold
from casier.portal.api import schemas

MOST = 8
SHORTEST = 2


def find_people(asking: Account, typed: str) -> list[schemas.Found]:
    """People and functional mailboxes of one's academy; those whose name starts like TYPED come first.

    Fewer than two letters answer nothing: the whole directory is not to be read out one letter at a time.
    """
    # Telephones write the apostrophe of print, the directory that of typewriters.
    words = fold(typed.replace("’", "'")).split()[:4]
    if len("".join(words)) < SHORTEST:
        return []
    main = Address.objects.filter(is_primary=True, retired_at__isnull=True)
    people = _people(main.filter(account__academy=asking.academy), words)
    boxes = _boxes(main.filter(mailbox__academy=asking.academy, mailbox__is_closed=False), words)
    found = [*(_person(row) for row in people), *(_box(row) for row in boxes)][:MOST]
    # Families of one's classes come after colleagues, and are never pushed out by them.
    return [*found, *(_contact(one) for one in completing(asking, words, MOST, timezone.now()))]


def _people(rows: QuerySet[Address], words: list[str]) -> QuerySet[Address]:
    """Every word starts a name or stands in the address: `prenom.nom` holds the names without accents."""
    for word in words:
        rows = rows.filter(
            Q(address__contains=word)
            | Q(account__person__given_name__istartswith=word)
            | Q(account__person__family_name__istartswith=word)
        )
    rows = rows.exclude(account__state__in=sorted(ENDED))
    held = held_on(timezone.localdate()).select_related("school").order_by("pk")
    return (
        rows.select_related("account__person")
        .prefetch_related(Prefetch("account__person__postings", held, to_attr="held"))
        .order_by("account__person__family_name", "account__person__given_name")[:MOST]
    )


def _boxes(rows: QuerySet[Address], words: list[str]) -> QuerySet[Address]:
    for word in words:
        rows = rows.filter(Q(address__contains=word) | Q(mailbox__name__icontains=word))
    return rows.select_related("mailbox__school").order_by("mailbox__name")[:MOST]


def _person(row: Address) -> schemas.Found:
    person = cast("Account", row.account).person
    held: list[Posting] = person.held  # type: ignore[attr-defined]  # what `_people` fetched with them
    posting = held[0] if held else None
    place = posting.school.name if posting and posting.school else ""
    parts = (posting.label if posting else "", place)
    return schemas.Found(
        name=person.full_name, email=row.address, detail=", ".join(part for part in parts if part)
    )


def _box(row: Address) -> schemas.Found:
    box = cast("FunctionalMailbox", row.mailbox)
    school = box.school
    return schemas.Found(name=box.name, email=row.address, detail=school.city if school else "")


def _contact(one: Contact) -> schemas.Found:
    detail = _("Responsable de %(who)s") % {"who": ", ".join(one.of)} if one.of else _("Élève")
    return schemas.Found(name=one.name, email=one.address, detail=", ".join((detail, *one.classes)))
