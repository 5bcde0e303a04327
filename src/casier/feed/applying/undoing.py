"""Undoing a run: what nobody used goes, what nobody changed again is put back, the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from casier.audit.api import Actor, record
from casier.audit.journal import record_many
from casier.audit.models import OutboxEvent
from casier.audit.outbox import Rank, ranked
from casier.directory import actions
from casier.directory.models import (
    Account,
    AccountState,
    Address,
    FunctionalMailbox,
    Mandate,
    Person,
    PersonKey,
    Posting,
    School,
    UsedMailboxKey,
)
from casier.feed import lives
from casier.feed.applying.people import set_postings
from casier.feed.applying.schools import set_values
from casier.feed.applying.work import CHUNK, Progress, Work, alone, roomy
from casier.feed.clock import Clock
from casier.feed.contacts.keeping import take_back
from casier.feed.holding import Hold, holding
from casier.feed.knowing import as_day
from casier.feed.models import Change, Gone, Run, RunState, Status, Verb
from casier.feed.planning.lines import CLOSINGS, LEAVERS, NEWCOMERS, PEOPLE, SCHOOLS
from casier.rights.api import settle as settle_offices
from casier.schools.api import members_return

Step = Callable[[Work, Sequence[Change]], None]


def undo(run: Run, progress: Progress, clock: Clock) -> Run:
    """Undo what is left to undo of RUN, the last done first. Killed, it is taken up again. Raises AtWork."""
    with holding(run) as hold, roomy(), ranked(Rank.CHANGES):
        run.refresh_from_db()
        work = Work.of(
            run, Actor(run.undone_by, f"feed:{run.pk}"), run.undone_reason, clock.now(), clock.today()
        )
        for phase, step in _STEPS:
            _phase(work, hold, phase, step, progress)
        return _finish(work, hold)


def _phase(work: Work, hold: Hold, phase: int, step: Step, progress: Progress) -> None:
    rows = Change.objects.filter(run=work.run, status=Status.DONE, phase=phase).order_by("-number")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with transaction.atomic():
            found = Change.objects.in_bulk(chunk)
            lines = [found[pk] for pk in chunk]
            for row in lines:
                row.status = Status.UNDONE
            step(work, lines)
            _write(lines)
            work.run.done += len(chunk)
            hold.renew(work.run.done)
        progress(work.run.done, work.run.total)


def _write(lines: Sequence[Change]) -> None:
    kept = [row for row in lines if row.status != Status.UNDONE]
    Change.objects.bulk_update(kept, ["status", "note"], batch_size=100)
    Change.objects.filter(pk__in=[row.pk for row in lines if row.status == Status.UNDONE]).update(
        status=Status.UNDONE
    )


def _finish(work: Work, hold: Hold) -> Run:
    run = work.run
    with transaction.atomic():
        hold.renew()
        take_back(run)
        settle_offices(work.academy, work.now)
        if run.applied_at is not None:
            members_return(work.now, work.academy, run.applied_at, by=work.by, reason=work.reason)
        run.state, run.undone_at = RunState.UNDONE, work.now
        run.counts |= {"kept": Change.objects.filter(run=run, status=Status.KEPT).count()}
        run.save(update_fields=["state", "undone_at", "counts"])
        record(
            work.by, "feed.undone", f"feed:{run.pk}", work.reason,
            academy=work.academy.slug, at=work.now, kept=run.counts["kept"],
        )  # fmt: skip
    return run


def _keep(row: Change, note: str) -> None:
    row.status, row.note = Status.KEPT, note[:30]


def _newcomers(work: Work, rows: Sequence[Change]) -> None:
    """Accounts that nobody opened: removed while they have no mailbox yet, else closed. Others are kept."""
    accounts = Account.objects.select_related("person").in_bulk([UUID(hex=row.target) for row in rows])
    busy = set(
        OutboxEvent.objects.filter(
            topic="account.changed", key__in=[row.target for row in rows], done_at=None
        )
        .exclude(claimed_until=None)
        .values_list("key", flat=True)
    )
    removable: list[Account] = []
    for row in rows:
        account = accounts.get(UUID(hex=row.target))
        if account is None:
            continue
        if account.state != AccountState.INVITED:
            _keep(row, "used")
        elif account.provisioned_at or row.target in busy or "person" in row.after:
            _close(work, row, account)
        else:
            removable.append(account)
    _remove(work, rows, removable)


def _close(work: Work, row: Change, account: Account) -> None:
    """It stays the person's: the same feed, applied again, opens it again."""
    with alone(row):
        actions.close(account, by=work.by, reason=work.reason, now=work.now)
        Gone.objects.get_or_create(academy=work.academy, person=account.person, defaults={"at": work.now})
        _end_postings(work, account.person_id)
    if row.status == Status.SKIPPED:
        _keep(row, row.note)


def _end_postings(work: Work, person: int) -> None:
    Posting.objects.filter(person=person, source="feed", school__academy=work.academy).delete()


def _remove(work: Work, rows: Sequence[Change], accounts: Sequence[Account]) -> None:
    """Leave nothing; what something else already points to is closed instead."""
    lines = {row.target: row for row in rows}
    left = list(accounts)
    while left:
        try:
            with transaction.atomic():
                _delete(work, left)
            return
        except ProtectedError as error:
            # Without the accounts that are named, or one by one where what protects them names none.
            named = {getattr(one, "account_id", None) for one in error.protected_objects}
            held = [account for account in left if account.pk in named] or left[:1]
        left = [account for account in left if account not in held]
        for account in held:
            _close(work, lines[account.public_id], account)


def _delete(work: Work, accounts: Sequence[Account]) -> None:
    ids = [account.pk for account in accounts]
    people = [account.person_id for account in accounts]
    OutboxEvent.objects.filter(
        topic="account.changed", key__in=[one.hex for one in ids], done_at=None
    ).delete()
    # What their function brought; an office that was lent or given keeps them.
    Mandate.objects.filter(account__in=ids).exclude(by_function="", by_group="").delete()
    Address.objects.filter(account__in=ids).delete()
    Posting.objects.filter(person__in=people).delete()
    PersonKey.objects.filter(person__in=people).delete()
    Account.objects.filter(pk__in=ids).delete()
    Person.objects.filter(pk__in=people).delete()
    # Nobody ever had these mailboxes: the names are free again.
    UsedMailboxKey.objects.filter(key__in=[account.mailbox_key for account in accounts]).delete()
    record_many(
        work.by, "account.removed", work.reason, academy=work.academy.slug, at=work.now,
        rows=[(f"account:{one.hex}", work.facts()) for one in ids],
    )  # fmt: skip


def _people(work: Work, rows: Sequence[Change]) -> None:
    accounts = {
        one.person_id: one
        for one in Account.objects.filter(person__in=[int(row.target) for row in rows]).select_related(
            "person", "academy", "store"
        )
    }
    for row in rows:
        account = accounts.get(int(row.target))
        if account is None or not _as_left(row, account):
            _keep(row, "changed_since")
            continue
        with alone(row):
            _person_back(work, row, account)
        if row.status == Status.SKIPPED:
            _keep(row, row.note)


def _as_left(row: Change, account: Account) -> bool:
    """Whether nobody has changed since what the run changed."""
    names = row.after.get("names", {})
    person = account.person
    held = {name: getattr(person, name) for name in names if name != "birth_date"}
    if "birth_date" in names:
        held["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
    return bool(held == names)


def _person_back(work: Work, row: Change, account: Account) -> None:
    said: dict[str, Any] = {"by": work.by, "reason": work.reason, "now": work.now}
    _life_back(row, account, said)
    before = row.before.get("names", {})
    if before:
        values: dict[str, Any] = {name: value for name, value in before.items() if name != "birth_date"}
        if "birth_date" in before:
            values["birth_date"] = as_day(before["birth_date"])
        Person.objects.filter(pk=account.person_id).update(**values)
    if "address" in row.outcome:
        _address_back(account, row.outcome["address"])
    if row.after.get("key"):
        PersonKey.objects.filter(
            academy=work.academy, key=row.after["key"], person=account.person_id
        ).delete()
    if "numen" in row.after:
        Person.objects.filter(pk=account.person_id).update(numen_index=None, numen_sealed=None)
    Posting.objects.filter(pk__in=row.outcome.get("added", ()), source="feed").delete()
    there = set(
        Posting.objects.filter(pk__in=[one["id"] for one in row.before["postings"]]).values_list(
            "pk", flat=True
        )
    )
    set_postings([one for one in row.before["postings"] if one["id"] in there])
    _gone_back(work, row, account.person_id)


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
        from casier.audit.api import emit

        emit("account.changed", account.public_id)


def _gone_back(work: Work, row: Change, person: int) -> None:
    if "gone" not in row.after:
        return
    if row.before["gone"]:
        Gone.objects.get_or_create(academy=work.academy, person_id=person, defaults={"at": work.now})
    else:
        Gone.objects.filter(academy=work.academy, person=person).delete()


def _schools(work: Work, rows: Sequence[Change]) -> None:
    for row in rows:
        school = work.schools.get(row.target)
        if school is None:
            continue
        if row.verb != Verb.CREATE:
            _school_back(work, row, school)
        elif not (_without_mailbox(row) and _removed(school)):
            _keep(row, "in_use")
    done = [row for row in rows if row.status == Status.UNDONE]
    record_many(
        work.by, "school.put_back", work.reason, academy=work.academy.slug, at=work.now,
        rows=[(f"school:{row.target}", work.facts()) for row in done],
    )  # fmt: skip


def _without_mailbox(row: Change) -> bool:
    """Whether the mailbox that the run made for a school is gone: nobody had it yet, in no store."""
    if "mailbox" not in row.outcome:
        return True
    mailbox = FunctionalMailbox.objects.filter(pk=UUID(hex=row.outcome["mailbox"])).first()
    if mailbox is None:
        return True
    work = OutboxEvent.objects.filter(topic="functional.changed", key=mailbox.pk.hex, done_at=None)
    if mailbox.provisioned_at or mailbox.memberships.exists() or work.exclude(claimed_until=None).exists():
        return False
    try:
        with transaction.atomic():
            work.delete()
            mailbox.addresses.all().delete()
            mailbox.delete()
            UsedMailboxKey.objects.filter(key=mailbox.mailbox_key).delete()
    except ProtectedError:
        return False
    return True


def _school_back(work: Work, row: Change, school: School) -> None:
    plain = {name: value for name, value in row.after.items() if name != "networks"}
    if any(getattr(school, name) != value for name, value in plain.items()):
        _keep(row, "changed_since")
        return
    set_values(work, school, row.before)


def _removed(school: School) -> bool:
    """Whether the school is gone: nothing pointed to it."""
    try:
        with transaction.atomic():
            school.networks.clear()
            school.delete()
    except ProtectedError:
        return False
    return True


_STEPS: tuple[tuple[int, Step], ...] = (
    (CLOSINGS, _schools),
    (LEAVERS, _people),
    (PEOPLE, _people),
    (NEWCOMERS, _newcomers),
    (SCHOOLS, _schools),
)
