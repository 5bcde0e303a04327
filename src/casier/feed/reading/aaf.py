"""Reader of AAF feeds (SDET): schools, staff, pupils and parents out of the academy's XML files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from casier.feed.reading import hardened, telling
from casier.feed.reading.cleaning import cleaned
from casier.feed.reading.files import Source, sources
from casier.feed.reading.hardened import Request
from casier.feed.reading.sets import (
    CATEGORIES,
    PARENTS,
    PEOPLE,
    PHASES,
    PUPILS,
    SCHOOLS,
    SUBJECTS,
    Named,
    is_complete,
    one_set,
)
from casier.feed.records import BadFeed, Place, Record, Refused

_MOST_SUBJECTS = 100_000
_BUILDS: dict[str, Callable[[telling.Told], Record]] = {
    SCHOOLS: telling.school,
    PEOPLE: telling.person,
    PUPILS: telling.pupil,
    PARENTS: telling.parent,
}


class AafReader:
    """One feed: files, folders, zips and tars at PATHS. COMPLETE overrules what the names say.

    A feed is complete only where its files say so: taking a delta for all would close everyone's account.
    """

    def __init__(self, paths: Sequence[Path], *, complete: bool | None = None) -> None:
        files = one_set(sources(paths))
        self._files = [replace(file, phase=file.phase or _kind_of(file.source)) for file in files]
        self._subjects: dict[str, str] = {}
        self._again: dict[str, list[Named]] = {phase: [] for phase in PHASES}
        self.complete = is_complete(self._files) if complete is None else complete
        self.covers = frozenset(file.phase for file in self._files) - {SUBJECTS, ""}

    @property
    def day(self) -> str:
        """The day that the files' names tell (20260901); empty where none does."""
        return next((file.day for file in self._files if file.day), "")

    @property
    def files(self) -> list[str]:
        """The names of the files."""
        return [file.source.name for file in self._files]

    def records(self) -> Iterator[Record]:
        """Every record: schools before people, people before pupils. Raises BadFeed."""
        self._subjects.clear()
        for again in self._again.values():
            again.clear()
        for phase in PHASES:
            for file in self._files:
                if file.phase == phase:
                    yield from self._read(file, phase)
            for file in self._again[phase]:
                yield from self._read(file, phase, only=True)

    def _read(self, file: Named, phase: str, only: bool = False) -> Iterator[Record]:
        """The records of FILE; what belongs to a later PHASE waits for it. ONLY: nothing but PHASE's own."""
        for request in _requests(file.source):
            self._may_be(request, file)
            own = CATEGORIES.get(request.category.lower(), "") if request.category else phase
            if own == phase:
                yield from self._told(request, file, phase)
            elif not only:
                yield from self._elsewhere(request, file, phase, own)

    def _elsewhere(self, request: Request, file: Named, phase: str, own: str) -> Iterator[Record]:
        if own and PHASES.index(own) > PHASES.index(phase):
            if file not in self._again[own]:
                self._again[own].append(file)
        elif own:
            yield from self._told(request, file, own)
        else:
            category = cleaned(request.category)[:40]
            yield Refused(
                _place(request, file), cleaned(request.key)[:50], "unknown_category", {"value": category}
            )

    def _told(self, request: Request, file: Named, phase: str) -> Iterator[Record]:
        if phase == SUBJECTS:
            self._learn(request)
        else:
            yield telling.record(_BUILDS[phase], request, _place(request, file), self._subjects)

    def _learn(self, request: Request) -> None:
        labels = request.attributes.get("entlibellematiere")
        if labels and request.key and len(self._subjects) < _MOST_SUBJECTS:
            self._subjects[cleaned(request.key)[:50]] = cleaned(labels[0])[:100]

    def _may_be(self, request: Request, file: Named) -> None:
        if self.complete and request.tag in {"modifyRequest", "deleteRequest"}:
            raise BadFeed(
                f"{file.source.name} says that it is complete, and changes something (line {request.line}).",
                reason="not_complete",
                file=file.source.name,
                line=request.line,
            )


def _requests(source: Source) -> Iterator[Request]:
    encoding = ""
    with closing(source.open()) as stream:
        silent = not hardened.says_encoding(stream.read(hardened.CHUNK))
    if silent:
        with closing(source.open()) as stream:
            encoding = "utf-8" if hardened.is_utf8(stream) else "iso-8859-15"
    with closing(source.open()) as stream:
        yield from hardened.requests(stream, source.name, encoding)


def _kind_of(source: Source) -> str:
    """What a file holds whose name doesn't tell: what its first request is."""
    first = next(_requests(source), None)
    return CATEGORIES.get(first.category.lower(), "") or PEOPLE if first else ""


def _place(request: Request, file: Named) -> Place:
    return Place(file.source.name, request.number, request.line)
