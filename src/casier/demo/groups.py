"""The demonstration's groups: whom an academy writes to together; and what some of them teach."""

from __future__ import annotations

from datetime import datetime

from casier.audit.api import Actor
from casier.directory.models import Academy, Posting, PostingDetail, PostingKind
from casier.groups.actions import GroupWords, create_group
from casier.groups.api import Visibility, live

_BY, _WHY = Actor.system("demo"), "démonstration"
# Short name, name, rule, what it is for.
_GROUPS = (
    (
        "direction",
        "Personnels de direction",
        "fonction = direction",
        "Ceux qui dirigent un établissement, et leurs adjoints.",
    ),
    ("enseignants", "Enseignants", "fonction = enseignant sauf état = suspendu", ""),
    (
        "pp-3e",
        "Professeurs principaux de 3e",
        "professeurs principaux de 3e",
        "Pour l’orientation après la troisième.",
    ),
)
# Whose, and what: each is the principal teacher of their first class.
_TEACH = (
    ("jean.martin1@ac-normandie.fr", "Éducation physique et sportive", ("3A", "4B")),
    ("karim.haddad@ac-rouen.fr", "Physique-chimie", ("3B", "5A")),
    ("francois.muller@ac-nancy-metz.fr", "Mathématiques", ("3C", "6A")),
)


def give_classes() -> None:
    """What some teach and to whom, as a feed would tell it; who has classes keeps theirs."""
    for address, subject, classes in _TEACH:
        theirs = Posting.objects.filter(person__account__addresses__address=address, details=None)
        if posting := theirs.first():
            details = [
                (PostingKind.SUBJECT, subject),
                *((PostingKind.CLASS, name) for name in classes),
                (PostingKind.PRINCIPAL, classes[0]),
            ]
            PostingDetail.objects.bulk_create(
                PostingDetail(posting=posting, kind=kind, value=value) for kind, value in details
            )


def form_groups(now: datetime) -> None:
    """Make what is missing, in every academy; what somebody made of one since is theirs."""
    for academy in Academy.objects.all():
        there = set(live(academy).values_list("slug", flat=True))
        for slug, name, rule, about in _GROUPS:
            if slug not in there:
                words = GroupWords(name, rule, about, Visibility.OFFICES)
                create_group(academy, slug, words, by=_BY, reason=_WHY, now=now)
