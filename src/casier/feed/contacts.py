"""Pupils and those responsible for them: contacts of their class where the policy says so, never accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from casier.directory.models import School
from casier.feed.models import ClassContact, Run
from casier.feed.records import Operation, PupilRecord
from casier.kernel.addresses import BadAddress, MailAddress


class Taking:
    """Keeps the contacts of a run until it is applied. A parent's classes are those of the pupils before."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._schools: dict[str, int] = {}
        self._classes: dict[str, tuple[tuple[int, str], ...]] = {}

    def __call__(self, records: Sequence[PupilRecord], places: Mapping[str, str]) -> None:
        """Keep those who have an address and a class in a school that is known."""
        if not self._schools:
            rows = School.objects.filter(academy=self._run.academy_id).values_list("uai", "pk")
            self._schools = dict(rows)
        ClassContact.objects.bulk_create(row for record in records for row in self._rows(record, places))

    def _rows(self, record: PupilRecord, places: Mapping[str, str]) -> Iterator[ClassContact]:
        school = self._schools.get(places.get(record.school, ""))
        own = tuple((school, name) for name in record.classes) if school else ()
        if record.kind == "pupil":
            self._classes[record.key] = own
        classes = own or tuple(one for key in record.pupils for one in self._classes.get(key, ()))
        address = _address(record.address)
        if not address or record.operation is Operation.DELETE:
            return
        for school_id, name in dict.fromkeys(classes):
            yield ClassContact(
                academy_id=self._run.academy_id,
                school_id=school_id,
                class_name=name[:100],
                key=record.key[:50],
                kind=record.kind[:10],
                given_name=record.given_name[:100],
                family_name=record.family_name[:100],
                address=address,
                run=self._run,
            )


def _address(text: str) -> str:
    try:
        return str(MailAddress.parse(text)) if text else ""
    except BadAddress:
        return ""


def put_in_force(run: Run) -> None:
    """Let the contacts of RUN be the academy's: all of them after a complete feed, else those it names."""
    new = ClassContact.objects.filter(run=run, live=False)
    if not new.exists():
        return
    before = ClassContact.objects.filter(academy=run.academy_id, live=True).exclude(run=run)
    if not run.complete:
        before = before.filter(Exists(new.filter(key=OuterRef("key"))))
    before.delete()
    new.update(live=True)


def of_class(school: School, class_name: str) -> QuerySet[ClassContact]:
    """The contacts of a class, by name."""
    found = ClassContact.objects.filter(school=school, class_name=class_name, live=True)
    return found.order_by("family_name", "given_name", "kind")
