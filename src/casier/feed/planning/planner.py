"""From the records of a feed to the lines of a run: a thousand people at a time, in a few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q

from casier.directory.access import numen_vault
from casier.directory.models import Academy, PersonKey, Posting, PostingSource
from casier.feed.knowing import Known, known
from casier.feed.matching import NEW
from casier.feed.models import Subject, Verb
from casier.feed.names import presentable
from casier.feed.planning.lines import Line
from casier.feed.planning.people import Frame, leaver, newcomer, someone
from casier.feed.planning.recognising import Found, Recogniser
from casier.feed.planning.schools import Schools
from casier.feed.planning.unread import Unread
from casier.feed.records import PersonRecord, PupilRecord, Record, Refused, SchoolRecord

CHUNK = 1000
Pupils = Callable[[Sequence[PupilRecord], Mapping[str, str]], None]
# What a second record of one run can't be: the first has it.
_REPEATS = {"same_person", "same_key", "same_numen"}
T = TypeVar("T", SchoolRecord, PersonRecord, PupilRecord)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A record that may be somebody: for the queue of a person in charge."""

    identity: str
    label: str
    code: str
    candidates: tuple[int, ...]
    facts: dict[str, str]
    twin: str


class Planner:
    """Compares a feed with the directory. Reads, never writes.

    HELD tells of an account whether a hold keeps it; PUPILS takes pupils and parents, who never become
    accounts; WHOLE: a record tells all that its person teaches. `counts` and `doubts` are those of the run.
    """

    def __init__(
        self,
        academy: Academy,
        today: date,
        held: Callable[[str], bool],
        pupils: Pupils | None = None,
        *,
        whole: bool = True,
    ) -> None:
        self._academy, self._today, self._pupils = academy, today, pupils
        self._schools = Schools.of(academy)
        self._frame = Frame(self._schools.places, numen_vault(), today, held, whole)
        self._recogniser = Recogniser(academy, self._frame.vault, today)
        self._schools_read = self._people_read = self._schools_settled = False
        self._unread = Unread(self._frame.vault)
        self.counts: Counter[str] = Counter()
        self.doubts: list[Doubt] = []

    def lines(self, records: Iterable[Record], covers: frozenset[str]) -> Iterator[Line]:
        """Every line of the run; COVERS: of "schools" and "people", those who aren't in the feed are gone."""
        batch: list[Record] = []
        for record in records:
            if isinstance(record, Refused):
                self.counts["record.read"] += 1
                self._unread.add(record)
                self._schools.spare(record.key)
                yield _refused(record)
                continue
            if batch and (len(batch) >= CHUNK or type(batch[0]) is not type(record)):
                yield from self._batch(batch, covers)
                batch = []
            batch.append(record)
        if batch:
            yield from self._batch(batch, covers)
        yield from self._schools_gone(covers)
        yield from self._people_gone(covers)

    def _batch(self, batch: Sequence[Record], covers: frozenset[str]) -> Iterator[Line]:
        if schools := _of(batch, SchoolRecord):
            self._schools_read = True
            yield from self._counted("school", len(schools), self._schools.look(schools))
            return
        yield from self._schools_gone(covers)
        if people := _of(batch, PersonRecord):
            self._people_read = True
            yield from self._counted("person", len(people), self._look(people))
        elif pupils := _of(batch, PupilRecord):
            self._note_pupils(pupils)

    def _counted(self, kind: str, read: int, lines: Iterable[Line]) -> Iterator[Line]:
        told = 0
        for line in lines:
            told += 1
            yield line
        self.counts[f"{kind}.read"] += read
        self.counts[f"{kind}.same"] += read - told

    def _note_pupils(self, pupils: Sequence[PupilRecord]) -> None:
        self.counts.update(f"{one.kind}.read" for one in pupils)
        if self._pupils:
            self._pupils(pupils, self._schools.places)

    def _schools_gone(self, covers: frozenset[str]) -> Iterator[Line]:
        """Once, before the people. A feed without a single school closes none."""
        if "schools" in covers and self._schools_read and not self._schools_settled:
            self._schools_settled = True
            yield from self._schools.gone()

    def _look(self, records: Sequence[PersonRecord]) -> Iterator[Line]:
        found = self._recogniser.recognise(records, self._schools.places)
        people = known(
            self._academy, {one.match.person for one in found if one.match.person is not None}, self._today
        )
        for one in found:
            line = self._line(one, people)
            if line is not None:
                yield line

    def _line(self, one: Found, people: Mapping[int, Known]) -> Line | None:
        if one.match is NEW:
            return newcomer(one.record, self._frame)
        if one.match.person is not None:
            return someone(one.record, people[one.match.person], one.match.code, self._frame)
        record, code = one.record, one.match.code
        label = f"{presentable(record.given_name)} {presentable(record.family_name)}".strip()
        if code in _REPEATS:
            return Line(
                Subject.PERSON, Verb.REFUSE, code, record.place, record.key, label, facts={"other": one.twin}
            )
        told = {**_told(record), **self._numen(record)}
        doubt = Doubt(one.identity, label, code, one.match.doubt, told, one.twin)
        self.doubts.append(doubt)
        facts = {"identity": one.identity, "candidates": list(doubt.candidates)}
        return Line(Subject.PERSON, Verb.REVIEW, code, record.place, record.key, label, facts=facts)

    def _numen(self, record: PersonRecord) -> dict[str, str]:
        """By what the record's NUMEN is found: whoever settles the doubt says whose it is."""
        return {"numen_index": self._frame.vault.index(record.numen)} if record.numen else {}

    def _people_gone(self, covers: frozenset[str]) -> Iterator[Line]:
        """Those whose posting is the feed's, which no longer names them. A feed of nobody ends nobody's."""
        if "people" not in covers or not self._people_read:
            return
        live = Posting.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=self._today),
            school__academy=self._academy,
            source=PostingSource.FEED,
        )
        named = self._recogniser.claimed.keys() | {pk for doubt in self.doubts for pk in doubt.candidates}
        unread = PersonKey.objects.filter(academy=self._academy, key__in=self._unread.keys)
        named |= set(unread.values_list("person_id", flat=True))
        absent = sorted(set(live.values_list("person_id", flat=True)) - named)
        for start in range(0, len(absent), CHUNK):
            for one in known(self._academy, absent[start : start + CHUNK], self._today).values():
                line = None if self._unread.may_be(one) else leaver(one, self._frame)
                if line is not None:
                    yield line


def _of(batch: Sequence[Record], kind: type[T]) -> list[T]:
    return [one for one in batch if isinstance(one, kind)]


def _told(record: PersonRecord) -> dict[str, str]:
    """What the queue shows of a record, beside the name."""
    return {
        "birth_date": record.birth_date.isoformat() if record.birth_date else "",
        "birth_name": presentable(record.birth_name),
        "address": record.address,
        "functions": ", ".join(sorted({f"{one.code} {one.school}".strip() for one in record.functions})[:5]),
    }


def _refused(one: Refused) -> Line:
    facts = {name: str(value)[:200] for name, value in one.facts.items()}
    label = f"{one.given_name} {one.family_name}".strip() or one.key
    return Line(Subject.RECORD, Verb.REFUSE, one.code, one.place, one.key, label, facts=facts)
