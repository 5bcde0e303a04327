"""Whether a last name that someone typed is that of the person: as a reader would say, not as a computer
does.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator

from casier.kernel.addresses import fold

# What stands before a name and is written, left out or put behind it, as registers please.
_PARTICLES = frozenset(
    {
        "de", "du", "des", "d", "la", "le", "les", "l", "van", "von", "der", "den", "zu", "el", "al", "ben",
        "bel", "da", "dos", "das", "di", "del", "della", "st", "ste", "saint", "sainte",
    }
)  # fmt: skip
# Shorter than this a part of a compound name is no proof of knowing it.
_SHORTEST_PART = 3
LONGEST = 100


def same_name(typed: str, names: Iterable[str]) -> bool:
    """Whether TYPED is one of NAMES (usual, of birth): accents, case, hyphens and particles don't matter; of
    a compound name either part will do. All are compared, in constant time each.
    """
    said = _joined(_words(typed))
    accepted = [form for name in names for form in _forms(name)]
    matches = [hmac.compare_digest(said.encode(), form.encode()) for form in accepted]
    bare = _joined(_without_particles(_words(typed)))
    matches += [hmac.compare_digest(bare.encode(), form.encode()) for form in accepted]
    return bool(said) and any(matches)


def _forms(name: str) -> Iterator[str]:
    """Every way in which NAME may be written, folded."""
    words = _words(name)
    bare = _without_particles(words)
    yield from {form for form in (_joined(words), _joined(bare), *_parts(name)) if form}


def _parts(name: str) -> Iterator[str]:
    """The parts of a compound name, told by its hyphens or spaces, and both the other way round."""
    parts = [
        _joined(words)
        for part in re.split(r"[-–\s]+", name)
        if (words := [word for word in _words(part) if word not in _PARTICLES])
    ]
    if len(parts) > 1:
        yield from (part for part in parts if len(part) >= _SHORTEST_PART)
        yield "".join(reversed(parts))


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(name[:LONGEST]))


def _without_particles(words: list[str]) -> list[str]:
    return [word for word in words if word not in _PARTICLES] or words


def _joined(words: list[str]) -> str:
    return "".join(words)
