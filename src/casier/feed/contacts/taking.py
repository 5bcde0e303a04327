"""Pupils and parents out of a feed: what changes of them is staged until the run is applied."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from casier.feed.contacts.kinds import shown_in
from casier.feed.contacts.models import ContactClass, ContactKind, ContactLink, ContactState, FeedContact
from casier.feed.contacts.years import told_in
from casier.feed.models import Run
from casier.feed.names import presentable
from casier.feed.records import Operation, PupilRecord
from casier.kernel.addresses import BadAddress, MailAddress, fold

CHUNK = 1000
_LONGEST_FOLDED = 500
_OF_COVERS = {"pupils": ContactKind.PUPIL, "parents": ContactKind.PARENT}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one of them."""

    given_name: str = ""
    family_name: str = ""
    address: str = ""
    uai: str = ""
    classes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        said = (self.given_name, self.family_name, self.address, self.uai, self.classes, self.parents)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    @property
    def folded(self) -> str:
        return f" {fold(f'{self.given_name} {self.family_name} {self.address}')}"[:_LONGEST_FOLDED]


class Taking:
    """Stages the contacts of a run: those that are new, changed or gone; the same as before costs nothing.

    Only what the policy shows is kept: of pupils whose own address isn't shown, the name beside the parent's.
    """

    def __init__(self, run: Run, today: date) -> None:
        self._run, self._year = run, told_in(today)
        self._shown = shown_in(run.academy)
        self._seen: set[tuple[str, str]] = set()
        self._kept: set[int] = set()
        self._read: set[str] = set()
        self.counts: Counter[str] = Counter()

    def __call__(self, records: Sequence[PupilRecord], places: Mapping[str, str]) -> None:
        """Take RECORDS; PLACES lead from the feed's key of a school to its UAI."""
        fresh = [one for one in records if self._first(one)]
        for kind in ContactKind:
            chosen = [one for one in fresh if one.kind == kind]
            if chosen:
                self._read.add(kind)
                self._take(kind, chosen, places)

    def _first(self, record: PupilRecord) -> bool:
        """Whether nothing was told of them before: a second record of one key says nothing."""
        name = (record.kind, record.key)
        if record.key in {""} or name in self._seen:
            return False
        self._seen.add(name)
        return True

    def _take(self, kind: ContactKind, records: Sequence[PupilRecord], places: Mapping[str, str]) -> None:
        held = self._held(kind, [one.key for one in records])
        told = _told(held.values()) if any(one.operation is Operation.MODIFY for one in records) else {}
        staged: list[tuple[PupilRecord, Told]] = []
        gone: list[str] = []
        for record in records:
            before = held.get(record.key)
            wanted = self._wanted(kind, record, told.get(before.pk) if before else None, places)
            if before:
                self._kept.add(before.pk)
            if wanted is None:
                gone += [record.key] if before else []
            elif before and before.digest == wanted.digest:
                self.counts[f"{kind.value}.same"] += 1
            else:
                staged.append((record, wanted))
                self.counts[f"{kind.value}.{'change' if before else 'create'}"] += 1
        self._stage(kind, staged)
        self._stage_gone(kind, gone)

    def _held(self, kind: ContactKind, keys: Iterable[str]) -> dict[str, FeedContact]:
        live = FeedContact.objects.filter(
            academy=self._run.academy_id, kind=kind, state=ContactState.LIVE, key__in=list(keys)
        )
        return {one.key: one for one in live}

    def _wanted(
        self, kind: ContactKind, record: PupilRecord, before: Told | None, places: Mapping[str, str]
    ) -> Told | None:
        """What is to be kept; None: nothing."""
        if record.operation is Operation.DELETE or not self._shown:
            return None
        if record.operation is Operation.MODIFY and before is None:
            return None  # a change of somebody who was never told of
        said = _said(record, places)
        if record.operation is Operation.MODIFY and before is not None:
            said = replace(before, **{name: getattr(said, name) for name in _given(record)})
        return self._allowed(kind, said)

    def _allowed(self, kind: ContactKind, said: Told) -> Told | None:
        """What of SAID may be kept: nobody's data without a use."""
        parents = kind is ContactKind.PUPIL and ContactKind.PARENT in self._shown
        said = replace(
            said, address=said.address if kind in self._shown else "", parents=said.parents if parents else ()
        )
        if kind is ContactKind.PARENT:
            return said if said.address else None
        return said if said.classes and said.uai and (said.address or said.parents) else None

    def _stage(self, kind: ContactKind, rows: Sequence[tuple[PupilRecord, Told]]) -> None:
        made = FeedContact.objects.bulk_create(
            FeedContact(
                academy_id=self._run.academy_id, kind=kind, key=record.key, run=self._run, year=self._year,
                given_name=told.given_name, family_name=told.family_name, address=told.address,
                folded=told.folded, digest=told.digest,
            )
            for record, told in rows
        )  # fmt: skip
        pairs = [(contact, told) for contact, (_record, told) in zip(made, rows, strict=True)]
        ContactClass.objects.bulk_create(
            ContactClass(contact=one, uai=told.uai, name=name) for one, told in pairs for name in told.classes
        )
        ContactLink.objects.bulk_create(
            ContactLink(contact=one, parent=key) for one, told in pairs for key in told.parents
        )

    def _stage_gone(self, kind: ContactKind, keys: Sequence[str]) -> None:
        self.counts[f"{kind.value}.leave"] += len(keys)
        FeedContact.objects.bulk_create(
            FeedContact(
                academy_id=self._run.academy_id, kind=kind, key=key, run=self._run, year=self._year, gone=True
            )
            for key in keys
        )

    def finish(self, covers: frozenset[str]) -> None:
        """Whom a feed complete about their kind no longer names is gone; a feed of nobody ends nobody."""
        for name, kind in _OF_COVERS.items():
            if name in covers and kind in self._read:
                for keys in self._absent(kind):
                    self._stage_gone(kind, keys)

    def _absent(self, kind: ContactKind) -> Iterator[list[str]]:
        live = FeedContact.objects.filter(academy=self._run.academy_id, kind=kind, state=ContactState.LIVE)
        rows = live.values_list("pk", "key").order_by("pk")
        absent = [key for pk, key in rows.iterator(chunk_size=CHUNK) if pk not in self._kept]
        for start in range(0, len(absent), CHUNK):
            yield absent[start : start + CHUNK]


def _told(contacts: Iterable[FeedContact]) -> dict[int, Told]:
    """What the directory has of CONTACTS: a change names only what it changes."""
    rows = list(contacts)
    classes: dict[int, list[ContactClass]] = {}
    for one in ContactClass.objects.filter(contact__in=rows).order_by("pk"):
        classes.setdefault(one.contact_id, []).append(one)
    links: dict[int, list[str]] = {}
    for link in ContactLink.objects.filter(contact__in=rows).order_by("pk"):
        links.setdefault(link.contact_id, []).append(link.parent)
    return {
        one.pk: Told(
            one.given_name,
            one.family_name,
            one.address,
            next((found.uai for found in classes.get(one.pk, ())), ""),
            tuple(found.name for found in classes.get(one.pk, ())),
            tuple(links.get(one.pk, ())),
        )
        for one in rows
    }


def _said(record: PupilRecord, places: Mapping[str, str]) -> Told:
    return Told(
        presentable(record.given_name)[:100],
        presentable(record.family_name)[:100],
        _address(record.address),
        places.get(record.school, ""),
        tuple(dict.fromkeys(name[:100] for name in record.classes)),
        tuple(dict.fromkeys(key[:50] for key in record.parents)),
    )


def _given(record: PupilRecord) -> list[str]:
    """The fields of `Told` that a change names."""
    names = {"school": "uai"}
    own = {"given_name", "family_name", "address", "school", "classes", "parents"}
    return [names.get(name, name) for name in sorted(record.given & own)]


def _address(text: str) -> str:
    try:
        return str(MailAddress.parse(text)) if text else ""
    except BadAddress:
        return ""
