"""Accounts for people whom the directory didn't have."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from uuid import UUID

from casier.directory.actions.many import Newcomer, create_many
from casier.directory.models import Account, Person, PersonKey
from casier.feed.applying.work import Work, done, make_postings, skip
from casier.feed.knowing import as_day
from casier.feed.models import Change


def apply_newcomers(work: Work, rows: Sequence[Change]) -> None:
    """Make them; who is there meanwhile (the key, the NUMEN, the account) is left to the next run."""
    fresh = _fresh(work, rows)
    persons = Person.objects.in_bulk([row.after["person"] for row in fresh if "person" in row.after])
    newcomers = [_newcomer(work, row, persons.get(row.after.get("person", 0))) for row in fresh]
    accounts = create_many(work.academy, newcomers, by=work.by, reason=work.reason, now=work.now)
    make_postings(
        work,
        [
            (account.person_id, posting)
            for row, account in zip(fresh, accounts, strict=True)
            for posting in row.after["postings"]["add"]
        ],
    )
    for row in fresh:
        done(row)


def _fresh(work: Work, rows: Sequence[Change]) -> list[Change]:
    keys = {row.after["key"] for row in rows if row.after["key"]}
    numens = {row.after["numen"]["index"] for row in rows if "numen" in row.after}
    people = {row.after["person"] for row in rows if "person" in row.after}
    taken = {
        *PersonKey.objects.filter(academy=work.academy, key__in=keys).values_list("key", flat=True),
        *Person.objects.filter(numen_index__in=numens).values_list("numen_index", flat=True),
        *Account.objects.filter(person__in=people).values_list("person_id", flat=True),
    }
    fresh = []
    for row in rows:
        numen = row.after.get("numen", {}).get("index")
        schools = {posting["school"] for posting in row.after["postings"]["add"]}
        if {row.after["key"], numen, row.after.get("person")} & taken or not schools <= work.schools.keys():
            skip(row, "changed_since")
            continue
        taken |= {row.after["key"], numen} - {"", None}
        fresh.append(row)
    return fresh


def _newcomer(work: Work, row: Change, person: Person | None) -> Newcomer:
    names, numen = row.after["names"], row.after.get("numen")
    school = work.schools[row.after["postings"]["add"][0]["school"]]
    return Newcomer(
        account_id=UUID(hex=row.target),
        given_name=names["given_name"],
        family_name=names["family_name"],
        store=school.store or work.store,
        birth_name=names["birth_name"],
        title=names["title"],
        birth_date=as_day(names["birth_date"]),
        numen_index=numen["index"] if numen else None,
        numen_sealed=base64.b64decode(numen["sealed"]) if numen else None,
        feed_key=row.after["key"],
        person=person,
        starts_on=row.first_on,
    )
