"""Undoing what was done to people who were there before: what nobody has changed since is put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casier.audit.api import emit
from casier.directory import actions
from casier.directory.models import Account, AccountState, Address, Person, PersonKey, Posting
from casier.feed import lives
from casier.feed.applying.people import set_postings
from casier.feed.applying.work import Work, alone, keep
from casier.feed.knowing import as_day
from casier.feed.models import Change, Gone, Status


def people_back(work: Work, rows: Sequence[Change]) -> None:
    """Undo what ROWS did to people. Lives and names one by one, as they have rules; all else at once."""
    accounts = {
        one.person_id: one
        for one in Account.objects.filter(person__in=[int(row.target) for row in rows]).select_related(
            "person", "academy", "store"
        )
    }
    back: list[Change] = []
    for row in rows:
        account = accounts.get(int(row.target))
        if account is None or not _as_left(row, account):
            keep(row, "changed_since")
            continue
        _person_back(work, row, account)
        if row.status == Status.SKIPPED:
            keep(row, row.note)
        else:
            back.append(row)
    _keys_back(work, back)
    _postings_back(back)
    _gone_back(work, back)


def _as_left(row: Change, account: Account) -> bool:
    """Whether nobody has changed since what the run changed."""
    names = row.after.get("names", {})
    person = account.person
    held = {name: getattr(person, name) for name in names if name != "birth_date"}
    if "birth_date" in names:
        held["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
    return bool(held == names)


def _person_back(work: Work, row: Change, account: Account) -> None:
    if row.after.get("account"):
        with alone(row):
            _life_back(row, account, {"by": work.by, "reason": work.reason, "now": work.now})
        if row.status == Status.SKIPPED:
            return
    before = row.before.get("names", {})
    if before:
        values: dict[str, Any] = {name: value for name, value in before.items() if name != "birth_date"}
        if "birth_date" in before:
            values["birth_date"] = as_day(before["birth_date"])
        Person.objects.filter(pk=account.person_id).update(**values)
    if "address" in row.outcome:
        _address_back(account, row.outcome["address"])


def _life_back(row: Change, account: Account, said: dict[str, Any]) -> None:
    step, state = row.after.get("account"), account.state
    if step == "leave" and state == AccountState.LEAVING:
        lives.cancel_leaving(account, **said)
    elif step == "leave" and state == AccountState.CLOSED:
        lives.reopen(account, **said)
    elif step == "cancel" and state not in {AccountState.LEAVING, AccountState.CLOSED}:
        lives.begin_leaving(account, **said)
    elif step == "reopen" and state in {AccountState.INVITED, AccountState.ACTIVE}:
        actions.close(account, **said)


def _address_back(account: Account, address: str) -> None:
    """The address of before is the first again; the other stays: somebody may have written to it."""
    if Address.objects.filter(account=account, address=address, retired_at=None).exists():
        Address.objects.filter(account=account, is_primary=True).update(is_primary=False)
        Address.objects.filter(account=account, address=address).update(is_primary=True)
        emit("account.changed", account.public_id)


def _keys_back(work: Work, rows: Sequence[Change]) -> None:
    """The key and the NUMEN that the run brought somebody are theirs no longer."""
    given = {row.after["key"]: int(row.target) for row in rows if row.after.get("key")}
    keys = PersonKey.objects.filter(academy=work.academy, key__in=given)
    PersonKey.objects.filter(pk__in=[one.pk for one in keys if one.person_id == given[one.key]]).delete()
    numbered = [int(row.target) for row in rows if "numen" in row.after]
    Person.objects.filter(pk__in=numbered).update(numen_index=None, numen_sealed=None)


def _postings_back(rows: Sequence[Change]) -> None:
    added = [pk for row in rows for pk in row.outcome.get("added", ())]
    Posting.objects.filter(pk__in=added, source="feed").delete()
    before = [one for row in rows for one in row.before["postings"]]
    there = set(Posting.objects.filter(pk__in=[one["id"] for one in before]).values_list("pk", flat=True))
    set_postings([one for one in before if one["id"] in there])


def _gone_back(work: Work, rows: Sequence[Change]) -> None:
    told = [row for row in rows if "gone" in row.after]
    gone = [int(row.target) for row in told if row.before["gone"]]
    Gone.objects.bulk_create(
        [Gone(academy=work.academy, person_id=person, at=work.now) for person in gone], ignore_conflicts=True
    )
    back = [int(row.target) for row in told if not row.before["gone"]]
    Gone.objects.filter(academy=work.academy, person__in=back).delete()
