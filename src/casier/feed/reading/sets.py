"""Which files make one feed: their names tell what they hold, of which day, and whether they are all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casier.feed.reading.files import Source
from casier.feed.records import BadFeed

# What is read before what: functions name schools and subjects, pupils name both.
SUBJECTS, SCHOOLS, PEOPLE, PUPILS, PARENTS = PHASES = ("subjects", "schools", "people", "pupils", "parents")
CATEGORIES = {
    "matiereeducnat": SUBJECTS,
    "mateducnat": SUBJECTS,
    "matiere": SUBJECTS,
    "mefeducnat": SUBJECTS,
    "mef": SUBJECTS,
    "etabeducnat": SCHOOLS,
    "servac": SCHOOLS,
    "perseducnat": PEOPLE,
    "eleve": PUPILS,
    "persreleleve": PARENTS,
}
_NAME = re.compile(
    r"(?P<head>.*?)_(?P<extent>complet|delta)_(?P<day>\d{8})?_?"
    r"(?P<kind>EtabEducNat|ServAc|PersEducNat|Eleve|PersRelEleve|MefEducNat|Mat(?:iere)?EducNat)"
    r"(?:_(?P<part>\d{1,6}))?\.xml",
    re.IGNORECASE,
)
_OF_ONE_SCHOOL = re.compile(r"(?<![0-9A-Z])\d{7}[A-Z](?![0-9A-Z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name tells; empty what it doesn't."""

    source: Source
    extent: str = ""  # "complet" | "delta"
    day: str = ""
    phase: str = ""
    kind: str = ""
    part: int = -1
    school: str = ""


def named(source: Source) -> Named:
    """What the name of SOURCE tells."""
    match = _NAME.fullmatch(source.name)
    if not match:
        return Named(source)
    school = _OF_ONE_SCHOOL.search(match["head"].replace("_", " "))
    return Named(
        source,
        match["extent"].lower(),
        match["day"] or "",
        CATEGORIES[match["kind"].lower()],
        match["kind"].lower(),
        int(match["part"]) if match["part"] else -1,
        school[0].upper() if school else "",
    )


def one_set(sources: Iterable[Source]) -> list[Named]:
    """The files, which together are one feed, part after part. Raises BadFeed: not of one set."""
    files = sorted(
        (named(source) for source in sources), key=lambda file: (file.kind, file.school, file.part)
    )
    _same({file.extent for file in files if file.extent}, "two_extents")
    _same({file.day for file in files if file.day}, "two_days")
    _all_parts(files)
    return files


def is_complete(files: Sequence[Named]) -> bool:
    """Whether what isn't in FILES is gone: only names can say so, and a single school's are never all."""
    return all(file.extent == "complet" and not file.school for file in files)


def _same(values: set[str], reason: str) -> None:
    if len(values) > 1:
        found = ", ".join(sorted(values))
        raise BadFeed(f"These files are not one feed: {found}.", reason=reason, found=found)


def _all_parts(files: Sequence[Named]) -> None:
    parts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for file in files:
        if file.part >= 0:
            parts[file.kind, file.school].append(file.part)
    for (kind, _), numbers in parts.items():
        first = min(numbers)
        if first > 1 or sorted(numbers) != list(range(first, first + len(numbers))):
            raise BadFeed(f"A part of {kind} is missing or twice there.", reason="missing_part", kind=kind)
