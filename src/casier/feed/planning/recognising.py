"""Who the records of a chunk are, asked of the directory in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from casier.directory.models import Academy, Person, PersonKey
from casier.directory.numen import NumenVault
from casier.feed import matching
from casier.feed.knowing import Names, candidates
from casier.feed.matching import NEW, Candidate, Match, Traits, names_of
from casier.feed.models import ReviewItem, ReviewState
from casier.feed.names import identity, letters
from casier.feed.records import Operation, PersonRecord

Twin = tuple[str, str, date | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A record, by what a decision about it is remembered, and who it is."""

    record: PersonRecord
    identity: str
    match: Match
    twin: str = ""  # the identity of another record of this run that may be the same newcomer


@dataclass(slots=True)
class Recogniser:
    """Remembers what a run met: one person is never two records, two newcomers may be one."""

    academy: Academy
    vault: NumenVault
    today: date
    names: Names = field(default_factory=Names)
    claimed: dict[int, str] = field(default_factory=dict)
    newcomers: dict[Twin, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    numens: dict[str, str] = field(default_factory=dict)

    def recognise(self, records: Sequence[PersonRecord], places: Mapping[str, str]) -> list[Found]:
        """Who RECORDS are; PLACES are the schools that their functions point at."""
        traits = [self._traits(record, places) for record in records]
        identities = [
            identity(one.key, one.given_name, one.family_name, one.birth_date, one.numen_index)
            for one in traits
        ]
        asked = _Asked.of(self, traits, identities)
        return [
            self._claim(_without_others_numen(record, one, match, asked.by_numen), name, one, match)
            for record, name, one in zip(records, identities, traits, strict=True)
            for match in [asked.match(one, name)]
        ]

    def _traits(self, record: PersonRecord, places: Mapping[str, str]) -> Traits:
        return Traits(
            key=record.key,
            given_name=record.given_name,
            family_name=record.family_name,
            birth_name=record.birth_name,
            birth_date=record.birth_date,
            numen_index=self.vault.index(record.numen) if record.numen else None,
            address=record.address.strip().lower(),
            schools=frozenset(places[one.school] for one in record.functions if one.school in places),
        )

    def _claim(self, record: PersonRecord, name: str, traits: Traits, match: Match) -> Found:
        before = self.claimed.get(match.person) if match.person is not None else None
        if before is not None:
            return Found(record, name, Match("same_person"), before)
        if match.person is not None:
            self.claimed[match.person] = name
        return self._repeated(record, name, traits, match) or Found(record, name, match)

    def _repeated(self, record: PersonRecord, name: str, traits: Traits, match: Match) -> Found | None:
        """A record with what another of this run has. A key or NUMEN is one person's, a name may not be."""
        if traits.key and traits.key in self.keys:
            return Found(record, name, Match("same_key"), name)
        self.keys.add(traits.key)
        if match is NEW and record.operation is Operation.ADD:
            twin = (letters(traits.given_name), letters(traits.family_name), traits.birth_date)
            if (before := self.newcomers.get(twin)) is not None:
                return Found(record, name, Match("same_person" if before == name else "twin"), before)
            if all(twin):
                self.newcomers[twin] = name
        if record.numen and traits.numen_index and not match.doubt:
            before = self.numens.setdefault(traits.numen_index, name)
            return Found(record, name, Match("same_numen"), before) if before != name else None
        return None


def _without_others_numen(
    record: PersonRecord, traits: Traits, match: Match, by_numen: Mapping[str, int]
) -> PersonRecord:
    """A newcomer whose NUMEN is somebody's, of another academy say, comes without it."""
    taken = match is NEW and traits.numen_index in by_numen
    return replace(record, numen=None) if taken else record


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the directory and the queue answered about a chunk."""

    by_key: Mapping[str, int]
    by_numen: Mapping[str, int]
    by_name: Mapping[tuple[str, str], frozenset[int]]
    candidates: Mapping[int, Candidate]
    decisions: Mapping[str, ReviewItem]
    twins: Mapping[str, int]

    @classmethod
    def of(cls, recogniser: Recogniser, traits: Sequence[Traits], identities: Sequence[str]) -> _Asked:
        academy = recogniser.academy
        by_key = _by_key(academy, {one.key for one in traits if one.key})
        rest = [one for one in traits if one.key not in by_key]
        numens = {one.numen_index for one in traits if one.numen_index}
        found = (
            Person.objects.filter(numen_index__in=numens).values_list("numen_index", "pk") if numens else ()
        )
        by_numen = {str(index): pk for index, pk in found}
        unknown = {
            name
            for one in rest
            if (one.numen_index or "") not in by_numen
            for name in names_of(one.given_name, one.family_name, one.birth_name)
        }
        by_name = {name: recogniser.names.of([name]) for name in unknown}
        people = {*by_key.values(), *by_numen.values(), *(pk for found in by_name.values() for pk in found)}
        items = ReviewItem.objects.filter(academy=academy, identity__in=identities)
        decisions = {item.identity: item for item in items}
        return cls(
            by_key,
            by_numen,
            by_name,
            candidates(academy, people, recogniser.today),
            decisions,
            _by_key(academy, {item.twin for item in decisions.values() if item.twin}),
        )

    def match(self, traits: Traits, name: str) -> Match:
        """By what somebody decided, the key, the NUMEN, the name: in this order."""
        decided = self.decisions.get(name)
        if decided is not None and decided.state == ReviewState.SAME:
            person = decided.person_id or self.twins.get(decided.twin)
            if person is not None:
                return Match("decided", person)
        if (person := self.by_key.get(traits.key)) is not None:
            return self._keyed(traits, person)
        another = decided is not None and decided.state == ReviewState.ANOTHER
        if traits.numen_index and (person := self.by_numen.get(traits.numen_index)) is not None:
            found = matching.by_numen(traits, self.candidates[person])
            if not (another and found.doubt and decided and person in decided.candidates):
                return found
        return NEW if another else matching.by_name(traits, self._namesakes(traits))

    def _keyed(self, traits: Traits, person: int) -> Match:
        other = self.by_numen.get(traits.numen_index or "")
        if other is not None and other != person:
            return Match("numen_conflict", doubt=(person, other))
        return matching.by_key(traits, self.candidates[person])

    def _namesakes(self, traits: Traits) -> list[Candidate]:
        names = names_of(traits.given_name, traits.family_name, traits.birth_name)
        people = {pk for name in names for pk in self.by_name.get(name, ())}
        return [self.candidates[pk] for pk in sorted(people)]


def _by_key(academy: Academy, keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = PersonKey.objects.filter(academy=academy, key__in=keys).values_list("key", "person_id")
    return dict(rows)
