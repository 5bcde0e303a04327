"""What the nightly look at everything costs when nothing has changed: directory, Redis and store.

    CASIER_INSTANCE=… PYTHONPATH=src:tests python bench/nothing_changed.py [--people 60000] [--stored 5000]

On a running instance whose store holds mailboxes made by bench/mailboxes_made.py (--name, --stored of them).
The directory is a throwaway database; what it publishes goes into the instance's Redis, and is taken
out again. Told apart: all of it for as many people as the store has mailboxes, and the directory and Redis
alone for --people: what a mailbox costs in the store is then known, and what doesn't depend on it.
"""

from __future__ import annotations

import argparse
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

BATCH = 2000


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    began, cpu = time.monotonic(), time.process_time()
    yield
    took, busy = time.monotonic() - began, time.process_time() - cpu
    print(
        f"{what:<52} {took:7.1f} s ({busy:.1f} s of CPU here), {1000 * took / count:.2f} ms each", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--stored", type=int, default=5_000)
    parser.add_argument("--name", default="banc")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django
    from django.conf import settings
    from django.test.utils import get_runner

    django.setup()
    logging.disable(logging.INFO)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    before = runner.setup_databases()
    try:
        measured(asked)
    finally:
        unpublished()
        runner.teardown_databases(before)


def measured(asked: argparse.Namespace) -> None:
    from casier.audit import outbox
    from casier.mailbox import differences as looking

    outbox.wake_worker = lambda _socket: None  # type: ignore[assignment]
    academy = made_academy()
    made(academy, asked.name, 0, asked.stored)
    for _time in range(2):
        with timed(f"directory, Redis and store, {asked.stored} people", asked.stored):
            found = [one for one in looking.differences() if not one.kind.endswith("extra")]
        kinds = sorted({one.kind for one in found})
        print(f"  {len(found)} differences {kinds}", flush=True)
    made(academy, asked.name, asked.stored, asked.people)
    with timed(f"directory and Redis alone, {asked.people} people", asked.people):
        count = 0
        for chunk in looking.chunks(looking._owners(), looking.CHUNK):
            count += len(list(looking._published(chunk)))
    print(f"  {count} differences", flush=True)


def made_academy():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from casier.audit.api import Actor
    from casier.directory import actions

    new = actions.NewAcademy(
        "banc", "Banc", "#1a5fb4", ("ac-rouen.fr", "ac-normandie.fr"), ("banc.localhost",)
    )
    return actions.create_academy(new, by=Actor.system("bench"), reason="bench", now=timezone.now())


def made(academy, name: str, first: int, last: int) -> None:  # type: ignore[no-untyped-def]
    """Accounts of the same keys as the store's mailboxes, with two addresses each, published."""
    from django.utils import timezone

    from casier.directory.access import default_store
    from casier.directory.models import Account, Address, MailDomain, Person
    from casier.directory.publishing import publish_accounts

    now, store = timezone.now(), default_store()
    domains = list(MailDomain.objects.filter(academy=academy).order_by("pk"))
    for start in range(first, last, BATCH):
        numbers = range(start, min(last, start + BATCH))
        people = Person.objects.bulk_create(
            Person(academy=academy, given_name="Banc", family_name=f"N{n}", created_at=now) for n in numbers
        )
        accounts = Account.objects.bulk_create(
            Account(
                id=uuid.uuid4(), academy=academy, person=person, store=store, created_at=now,
                quota_bytes=2**30, mailbox_key=f"{name}.{n}@ac-rouen.fr", provisioned_at=now,
            )
            for n, person in zip(numbers, people, strict=True)
        )  # fmt: skip
        Address.objects.bulk_create(
            Address(
                address=f"{name}.{n}@{domain.name}", domain=domain, account=account, created_at=now,
                is_primary=domain == domains[0],
            )
            for n, account in zip(numbers, accounts, strict=True)
            for domain in domains
        )  # fmt: skip
        publish_accounts([account.pk for account in accounts])


def unpublished() -> None:
    """Take out of Redis what was put there."""
    from casier.directory.models import Account
    from casier.directory.publishing import account_records, accounts_to_publish, write
    from casier.policies.policy import Policy

    if Account.objects.exists():
        for start in range(0, Account.objects.count(), BATCH):
            rows = accounts_to_publish().order_by("pk")[start : start + BATCH]
            write((key, None) for row in rows for key, _value in account_records(row, Policy()))


if __name__ == "__main__":
    main()
