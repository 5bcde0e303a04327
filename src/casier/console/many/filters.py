"""Which people a list means: by state, place, function, group, use and storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone

from casier.console.models import MailboxSize
from casier.directory.errors import NotFound
from casier.directory.finding import catch_up, words_of
from casier.directory.life import ENDED
from casier.directory.models import Academy, Account, AccountState, FindLine, Posting, School
from casier.groups import api as groups
from casier.groups.api import BadRule
from casier.identity.models import AppPassword

SEEN_DAYS = (30, 90, 180, 365)
FULL_PERCENT = (50, 80, 90, 100)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted; what is empty doesn't matter. The names are those of the page's address."""

    q: str = ""  # letters of a name, an address, a place
    etat: str = ""
    uai: str = ""
    departement: str = ""
    reseau: str = ""
    fonction: str = ""
    groupe: str = ""
    active: str = ""  # "oui": opened once; "non": never
    vu: str = ""  # not seen for so many days
    plein: str = ""  # storage used, from so many percent on

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """What is GIVEN in an address or a stored operation; what can't be meant is left out."""
        values = {one.name: str(given.get(one.name, "") or "").strip()[:_LONGEST] for one in fields(cls)}
        closed = {
            "etat": set(AccountState.values),
            "active": {"oui", "non"},
            "vu": {str(days) for days in SEEN_DAYS},
            "plein": {str(percent) for percent in FULL_PERCENT},
        }
        for name, known in closed.items():
            if values[name] not in known:
                values[name] = ""
        values["uai"], values["departement"] = values["uai"].upper(), values["departement"].upper()
        return cls(**values)

    @property
    def facts(self) -> dict[str, str]:
        """What is asked for, as it is kept."""
        return {name: value for name, value in asdict(self).items() if value}


def chosen(
    within: QuerySet[Account], wanted: Filter, academy: Academy | None, now: datetime
) -> QuerySet[Account]:
    """Those of WITHIN whom WANTED means. ACADEMY: whose groups and networks are named."""
    # What is erased is a row and nobody; it is listed when asked for.
    kept = Q(state=wanted.etat) if wanted.etat else ~Q(state=AccountState.PURGED)
    found = within.filter(kept)
    for look in (_words, _places, _group, _use, _storage):
        found = look(found, wanted, academy, now)
    return found


def _words(
    found: QuerySet[Account], wanted: Filter, _academy: Academy | None, now: datetime
) -> QuerySet[Account]:
    words = words_of(wanted.q)
    if not words:
        return found
    catch_up(now)
    lines = FindLine.objects.all()
    for word in words:
        lines = lines.filter(text__contains=word)
    return found.filter(pk__in=lines.values("pk"))


def _places(
    found: QuerySet[Account], wanted: Filter, academy: Academy | None, now: datetime
) -> QuerySet[Account]:
    """Who works there today: one posting has to fit all that is asked of it."""
    if not (wanted.uai or wanted.departement or wanted.reseau or wanted.fonction):
        return found
    postings = Posting.objects.filter(in_force(now))
    if wanted.uai:
        postings = postings.filter(school__uai=wanted.uai)
    if wanted.departement:
        postings = postings.filter(school__department=wanted.departement)
    if wanted.reseau:
        members = School.networks.through.objects.filter(
            network__slug=wanted.reseau, **({"network__academy": academy} if academy else {})
        )
        postings = postings.filter(school__in=members.values("school"))
    if wanted.fonction:
        postings = postings.filter(function__iexact=wanted.fonction)
    return found.filter(person__in=postings.values("person"))


def in_force(now: datetime) -> Q:
    """Postings that hold today, where the platform lives."""
    today = timezone.localtime(now).date()
    return (Q(starts_on=None) | Q(starts_on__lte=today)) & (Q(ends_on=None) | Q(ends_on__gte=today))


def _group(
    found: QuerySet[Account], wanted: Filter, academy: Academy | None, _now: datetime
) -> QuerySet[Account]:
    if not wanted.groupe:
        return found
    try:
        members = groups.members_of(groups.group_named(academy, wanted.groupe)) if academy else None
    except (NotFound, BadRule):
        members = None
    return found.none() if members is None else found.filter(pk__in=members.values("pk"))


def _use(
    found: QuerySet[Account], wanted: Filter, _academy: Academy | None, now: datetime
) -> QuerySet[Account]:
    never = Q(state=AccountState.INVITED) | Q(state_before=AccountState.INVITED)
    if wanted.active:
        found = found.exclude(never) if wanted.active == "oui" else found.filter(never)
    if wanted.vu:
        moment = now - timedelta(days=int(wanted.vu))
        away = Q(user__last_login__lt=moment) | Q(user__last_login=None, created_at__lt=moment)
        programs = AppPassword.objects.filter(account=OuterRef("pk"), used_at__gte=moment)
        found = found.filter(away).filter(~Exists(programs)).exclude(state__in=ENDED)
    return found


def _storage(found: QuerySet[Account], wanted: Filter, *_: object) -> QuerySet[Account]:
    if not wanted.plein:
        return found
    share = ExpressionWrapper(F("limit_bytes") * int(wanted.plein), output_field=BigIntegerField())
    sizes = MailboxSize.objects.filter(limit_bytes__gt=0, account__isnull=False)
    # In whole hundredths, so that neither database has to divide.
    hundredfold = ExpressionWrapper(F("used_bytes") * 100, output_field=BigIntegerField())
    full = sizes.annotate(hundred=hundredfold, share=share).filter(hundred__gte=F("share"))
    return found.filter(pk__in=full.values("account"))
