"""The demonstration's groups: whom an academy writes to together."""

from __future__ import annotations

from datetime import datetime

from casier.audit.api import Actor
from casier.directory.models import Academy
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


def form_groups(now: datetime) -> None:
    """Make what is missing, in every academy; what somebody made of one since is theirs."""
    for academy in Academy.objects.all():
        there = set(live(academy).values_list("slug", flat=True))
        for slug, name, rule, about in _GROUPS:
            if slug not in there:
                words = GroupWords(name, rule, about, Visibility.OFFICES)
                create_group(academy, slug, words, by=_BY, reason=_WHY, now=now)
