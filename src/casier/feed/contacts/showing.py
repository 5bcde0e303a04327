"""Who may see which contacts: those who teach a class, and those who run its school. Denied by default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.directory.errors import NotFound
from casier.directory.life import OUT
from casier.directory.mandates import Ability, schools_within
from casier.directory.models import Account, PostingDetail, PostingKind, PostingSource, School
from casier.feed.contacts.kinds import shown_in
from casier.feed.contacts.models import ContactClass, ContactKind, ContactLink, ContactState, FeedContact

# Who was let in for a time by a school has no business with its families.
_STAFF = [PostingSource.FEED, PostingSource.HAND]


@dataclass(frozen=True, slots=True, order=True)
class SchoolClass:
    """A class of a school."""

    school: str
    uai: str
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to write to; OF: whose parent they are."""

    name: str
    address: str
    kind: str
    of: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def classes_of(account: Account, now: datetime) -> list[SchoolClass]:
    """The classes whose contacts ACCOUNT may see now and that have some, by school and name."""
    if account.state in OUT:
        return []
    schools = _schools(account, now)
    if not schools:
        return []
    run = set(schools_within(account, Ability.SEE_CLASSES, now).values_list("uai", flat=True))
    own = _taught(account, timezone.localtime(now).date())
    return sorted(
        SchoolClass(schools[uai].name, uai, name)
        for uai, name in _with_contacts(schools)
        if uai in run or (uai, name) in own
    )


def contacts_of(account: Account, uai: str, name: str, now: datetime) -> list[Contact]:
    """The contacts of one class, by name. Raises NotFound where ACCOUNT may see none of it."""
    one = next((found for found in classes_of(account, now) if (found.uai, found.name) == (uai, name)), None)
    if one is None:
        raise NotFound("No such class.", school=uai)
    school = School.objects.select_related("academy").get(uai=uai)
    return _contacts([(school, [name])])


def completing(account: Account, words: Sequence[str], most: int, now: datetime) -> list[Contact]:
    """Those of one's classes whose name or address has words that begin like WORDS (folded)."""
    found: list[Contact] = []
    open_to: dict[str, list[str]] = {}
    for one in classes_of(account, now):
        open_to.setdefault(one.uai, []).append(one.name)
    schools = School.objects.filter(uai__in=open_to).select_related("academy")
    if open_to and words:
        found = _contacts([(school, open_to[school.uai]) for school in schools], words, most)
    return found[:most]


def _schools(account: Account, now: datetime) -> dict[str, School]:
    """The open schools that show contacts, of those where ACCOUNT works or which it runs."""
    theirs = Q(postings__person=account.person_id, postings__source__in=_STAFF)
    run = schools_within(account, Ability.SEE_CLASSES, now).values("pk")
    rows = School.objects.filter(theirs | Q(pk__in=run), is_open=True).select_related("academy").distinct()
    return {school.uai: school for school in rows if shown_in(school.academy)}


def _taught(account: Account, today: date) -> set[tuple[str, str]]:
    """UAI and name of the classes that ACCOUNT's person teaches, or is the principal teacher of, today."""
    rows = PostingDetail.objects.filter(
        Q(posting__starts_on=None) | Q(posting__starts_on__lte=today),
        Q(posting__ends_on=None) | Q(posting__ends_on__gte=today),
        posting__person=account.person_id,
        posting__source__in=_STAFF,
        kind__in=[PostingKind.CLASS, PostingKind.PRINCIPAL],
    )
    return {(str(uai), name) for uai, name in rows.values_list("posting__school__uai", "value")}


def _with_contacts(schools: dict[str, School]) -> set[tuple[str, str]]:
    """The classes of SCHOOLS that their own academy's feed tells of."""
    rows = ContactClass.objects.filter(uai__in=schools, contact__state=ContactState.LIVE)
    named = rows.values_list("uai", "name", "contact__academy").distinct()
    return {(uai, name) for uai, name, academy in named if academy == schools[uai].academy_id}


def _contacts(
    of: Iterable[tuple[School, Sequence[str]]], words: Sequence[str] = (), most: int | None = None
) -> list[Contact]:
    found: list[Contact] = []
    for school, names in of:
        shown = shown_in(school.academy)
        pupils = FeedContact.objects.filter(
            academy=school.academy_id, kind=ContactKind.PUPIL, state=ContactState.LIVE,
            classes__uai=school.uai, classes__name__in=names,
        ).distinct()  # fmt: skip
        if ContactKind.PUPIL in shown:
            found += _pupils(_cut(_called(pupils.exclude(address=""), words), most), school)
        if ContactKind.PARENT in shown:
            found += _parents(school, pupils, words, most)
    return sorted(found, key=lambda one: (one.name.split()[-1:], one.name))


def _called(rows: QuerySet[FeedContact], words: Sequence[str]) -> QuerySet[FeedContact]:
    for word in words:
        rows = rows.filter(folded__contains=f" {word}")
    return rows


def _cut(rows: QuerySet[FeedContact], most: int | None) -> list[FeedContact]:
    ordered = rows.order_by("family_name", "given_name", "pk")
    return list(ordered[:most] if most is not None else ordered)


def _pupils(rows: Sequence[FeedContact], school: School) -> list[Contact]:
    classes = _classes(rows, school)
    return [
        Contact(_name(one), one.address, ContactKind.PUPIL, classes=classes.get(one.pk, ())) for one in rows
    ]


def _parents(
    school: School, pupils: QuerySet[FeedContact], words: Sequence[str], most: int | None
) -> list[Contact]:
    links = ContactLink.objects.filter(contact__in=pupils.values("pk"))
    parents = FeedContact.objects.filter(
        academy=school.academy_id, kind=ContactKind.PARENT, state=ContactState.LIVE,
        key__in=links.values("parent"),
    ).exclude(address="")  # fmt: skip
    rows = _cut(_called(parents, words), most)
    children: dict[str, list[FeedContact]] = {}
    for link in links.filter(parent__in=[one.key for one in rows]).select_related("contact").order_by("pk"):
        children.setdefault(link.parent, []).append(link.contact)
    classes = _classes([child for group in children.values() for child in group], school)
    return [
        Contact(
            _name(one),
            one.address,
            ContactKind.PARENT,
            tuple(dict.fromkeys(_name(child) for child in children.get(one.key, ()))),
            tuple(dict.fromkeys(name for child in children.get(one.key, ()) for name in classes[child.pk])),
        )
        for one in rows
    ]


def _classes(rows: Iterable[FeedContact], school: School) -> dict[int, tuple[str, ...]]:
    """The classes of pupils in this school."""
    found: dict[int, tuple[str, ...]] = {one.pk: () for one in rows}
    for one in ContactClass.objects.filter(contact__in=list(found), uai=school.uai).order_by("name"):
        found[one.contact_id] = (*found[one.contact_id], one.name)
    return found


def _name(one: FeedContact) -> str:
    return f"{one.given_name} {one.family_name}".strip()


__all__ = ["Contact", "SchoolClass", "classes_of", "completing", "contacts_of"]
