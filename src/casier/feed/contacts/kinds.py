"""Which contacts a policy wants."""

from __future__ import annotations

from typing import Final

from casier.directory.models import Academy
from casier.feed.contacts.models import ContactKind
from casier.policies.api import policy_for

_KINDS: Final[dict[str, frozenset[ContactKind]]] = {
    "off": frozenset(),
    "pupils": frozenset({ContactKind.PUPIL}),
    "parents": frozenset({ContactKind.PARENT}),
    "class": frozenset(ContactKind),
}


def shown_in(academy: Academy) -> frozenset[ContactKind]:
    """Whose addresses those see who teach a class of ACADEMY or run its school: nobody's by default."""
    return _KINDS[policy_for(academy).feed.contacts]
