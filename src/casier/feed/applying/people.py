"""People who are there already: names, postings, keys; who comes back, who leaves."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from casier.audit.journal import record_many
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.life import ENDED
from casier.directory.models import Account, Person, PersonKey, Posting, PostingDetail
from casier.feed import lives
from casier.feed.applying.work import Work, add_details, alone, done, make_postings, skip
from casier.feed.knowing import Known, as_day, as_text, known
from casier.feed.models import Change, Gone

_LIVES: dict[str, Callable[..., None]] = {
    "leave": lives.begin_leaving,
    "cancel": lives.cancel_leaving,
    "reopen": lives.reopen,
}
_POSTING_FIELDS = ["label", "starts_on", "ends_on", "source"]


def apply_people(work: Work, rows: Sequence[Change]) -> None:
    """Do what ROWS say; who was changed by somebody since the plan was made is left to the next run."""
    ids = [int(row.target) for row in rows]
    now_known = known(work.academy, ids, work.today)
    accounts = {
        one.person_id: one
        for one in Account.objects.filter(person__in=ids).select_related("person", "academy", "store")
    }
    fit, taken = [], _taken(work, rows)
    for row in rows:
        held = now_known.get(int(row.target))
        if held is None or not fits(row, held) or not _schools_there(work, row) or _names_in(row) & taken:
            skip(row, "changed_since")
            continue
        taken |= _names_in(row)
        with alone(row):
            _one_by_one(work, row, accounts[held.person])
        if row.status == "planned":
            fit.append(row)
    _keys(work, fit)
    _gone(work, fit)
    _postings(work, fit)
    record_many(
        work.by, "person.followed_feed", work.reason, academy=work.academy.slug, at=work.now,
        rows=[
            (f"account:{accounts[int(row.target)].public_id}", work.facts(what=row.code)) for row in fit
        ],
    )  # fmt: skip
    for row in fit:
        done(row)


def fits(row: Change, held: Known) -> bool:
    """Whether the directory still has what the plan was made from."""
    before = row.before
    postings = {one.id: one.as_data() for one in held.postings}
    names = {
        name: as_text(held.birth_date) if name == "birth_date" else getattr(held, name)
        for name in before["names"]
    }
    return (
        names == before["names"]
        and held.state == before["state"]
        and held.gone == before["gone"]
        and all(postings.get(one["id"]) == one for one in before["postings"])
        and not (row.after.get("key") and held.key)
    )


def _taken(work: Work, rows: Sequence[Change]) -> set[str]:
    """The keys and NUMENs of ROWS that are somebody's meanwhile."""
    wanted = {name for row in rows for name in _names_in(row)}
    keys = PersonKey.objects.filter(academy=work.academy, key__in=wanted).values_list("key", flat=True)
    numens = Person.objects.filter(numen_index__in=wanted).values_list("numen_index", flat=True)
    return {*keys, *(str(index) for index in numens)}


def _names_in(row: Change) -> set[str]:
    return {row.after.get("key", ""), row.after.get("numen", {}).get("index", "")} - {""}


def _schools_there(work: Work, row: Change) -> bool:
    added = row.after.get("postings", {}).get("add", ())
    return all(one["school"] in work.schools for one in added)


def _one_by_one(work: Work, row: Change, account: Account) -> None:
    """What has rules of its own: the account's life, then its name and addresses."""
    said: dict[str, Any] = {"by": work.by, "reason": work.reason, "now": work.now}
    step = row.after.get("account")
    if step:
        _LIVES[step](account, **said)
        account.refresh_from_db(fields=["state"])
    names = dict(row.after.get("names", {}))
    if names:
        _rename(account, names, row, said)
    numen = row.after.get("numen")
    if numen:
        sealed = base64.b64decode(numen["sealed"])
        Person.objects.filter(pk=account.person_id).update(numen_index=numen["index"], numen_sealed=sealed)


def _rename(account: Account, names: dict[str, str], row: Change, said: dict[str, Any]) -> None:
    """A new name brings a new address; who is out gets it when they are back."""
    person = account.person
    given = names.get("given_name", person.given_name)
    family = names.get("family_name", person.family_name)
    if {"given_name", "family_name"} & names.keys() and account.state not in ENDED:
        row.outcome["address"] = primary_address(account)
        actions.rename(account, given, family, **said)
    values: dict[str, Any] = {name: value for name, value in names.items() if name != "birth_date"}
    if "birth_date" in names:
        values["birth_date"] = as_day(names["birth_date"])
    Person.objects.filter(pk=person.pk).update(**values)


def _keys(work: Work, rows: Sequence[Change]) -> None:
    PersonKey.objects.bulk_create(
        PersonKey(academy=work.academy, key=row.after["key"], person_id=int(row.target))
        for row in rows
        if row.after.get("key")
    )


def _gone(work: Work, rows: Sequence[Change]) -> None:
    went = [int(row.target) for row in rows if row.after.get("gone") is True]
    Gone.objects.bulk_create(
        [Gone(academy=work.academy, person_id=person, at=work.now) for person in went], ignore_conflicts=True
    )
    back = [int(row.target) for row in rows if row.after.get("gone") is False]
    Gone.objects.filter(academy=work.academy, person__in=back).delete()


def _postings(work: Work, rows: Sequence[Change]) -> None:
    changed = [one for row in rows for one in row.after.get("postings", {}).get("set", ())]
    set_postings(changed)
    added = [(int(row.target), one) for row in rows for one in row.after.get("postings", {}).get("add", ())]
    made = iter(make_postings(work, added))
    for row in rows:
        count = len(row.after.get("postings", {}).get("add", ()))
        if count:
            row.outcome["added"] = [next(made).pk for _one in range(count)]


def set_postings(changed: Sequence[dict[str, Any]]) -> None:
    """Make postings have the values that CHANGED names, each with its id."""
    rows = Posting.objects.in_bulk([one["id"] for one in changed])
    for one in changed:
        posting = rows[one["id"]]
        for name in set(_POSTING_FIELDS) & one.keys():
            setattr(posting, name, as_day(one[name]) if name.endswith("_on") else one[name])
    Posting.objects.bulk_update(rows.values(), _POSTING_FIELDS, batch_size=100)
    detailed = [one for one in changed if "details" in one]
    PostingDetail.objects.filter(posting__in=[one["id"] for one in detailed]).delete()
    add_details((one["id"], one["details"]) for one in detailed)
