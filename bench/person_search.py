"""What finding a person among many costs: the console's search, on SQLite and PostgreSQL.

PYTHONPATH=src python bench/person_search.py [--people 60000]
CASIER_TEST_DATABASE_URL=postgresql://… PYTHONPATH=src python bench/person_search.py

Makes its people in a throwaway database. Prints, for each thing typed, how many fit and the median of twenty
searches with their page's rows, in milliseconds; nobody else should use the machine.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import time
import uuid

TYPED = (
    "jean martin", "martin", "jean", "ma", "tin", "lefevre c", "garcia.sophie3", "0760010a", "college 12",
    "sophie.garcia@ac-rouen.fr", "zzz", "e", "moreau ens hugo",
)  # fmt: skip
GIVEN = (
    "Jean", "Marie", "Sophie", "Hugo", "Léa", "Noëlle", "Karim", "Inès", "Paul", "Camille", "Théo", "Élodie",
    "Anne-Laure", "Yann", "Zoé", "Omar",
)  # fmt: skip
FAMILY = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent",
    "Simon", "Garcia", "Lefèvre", "Roux",
)  # fmt: skip
SUFFIXES = ("", "-Roy", "-Le Gall", " de la Tour", "ière", "et", "ot", "eau", "in", "on")


def prepare(people: int) -> object:
    """People with an account, two addresses and a posting each, in 2,000 schools; who searches among them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "casier.boot.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from casier.directory import finding
    from casier.directory.models import (
        Academy,
        Account,
        Address,
        MailDomain,
        Mandate,
        Office,
        Person,
        Posting,
        School,
        Store,
    )
    from casier.kernel.addresses import name_part

    call_command("migrate", verbosity=0)
    chance, now = random.Random(7), timezone.now()
    academy = Academy.objects.create(
        slug="rouen", name="Rouen", accent="#1B5E57", rp_id="x", issuer="https://x", created_at=now
    )
    domains = [
        MailDomain.objects.create(academy=academy, name=name) for name in ("ac-rouen.fr", "ac-normandie.fr")
    ]
    store = Store.objects.create(name="store1", is_default=True)
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    schools = School.objects.bulk_create(
        School(
            academy=academy,
            uai=f"{number:07}{letters[number % 23]}",
            name=f"Collège {number - 760000}",
            city="Rouen",
        )
        for number in range(760001, 763001)
    )
    names = [(chance.choice(GIVEN), chance.choice(FAMILY) + chance.choice(SUFFIXES)) for _ in range(people)]
    persons = Person.objects.bulk_create(
        (
            Person(academy=academy, given_name=given, family_name=family, created_at=now)
            for given, family in names
        ),
        batch_size=2000,
    )
    taken: dict[str, int] = {}
    accounts, addresses = [], []
    for person in persons:
        local = f"{name_part(person.given_name)}.{name_part(person.family_name)}"
        taken[local] = taken.get(local, 0) + 1
        local += str(taken[local] - 1) if taken[local] > 1 else ""
        account = Account(
            id=uuid.UUID(int=chance.getrandbits(128), version=4), academy=academy, person=person, store=store,
            mailbox_key=f"{local}@ac-rouen.fr", state="active", created_at=now,
        )  # fmt: skip
        accounts.append(account)
        addresses += [
            Address(
                address=f"{local}@{domain.name}",
                domain=domain,
                account=account,
                is_primary=not number,
                created_at=now,
            )
            for number, domain in enumerate(domains)
        ]
    Account.objects.bulk_create(accounts, batch_size=2000)
    Address.objects.bulk_create(addresses, batch_size=2000)
    Posting.objects.bulk_create(
        (
            Posting(person=person, school=school, function="ENS")
            for person, school in zip(persons, itertools.cycle(schools), strict=False)
        ),
        batch_size=2000,
    )
    Mandate.objects.create(account=accounts[0], office=Office.DSI, academy=academy, starts_at=now)
    began = time.perf_counter()
    finding.rebuild(now)
    print(f"{people} lines written in {time.perf_counter() - began:.1f} s")
    return accounts[0]


def measure(officer: object) -> None:
    from django.utils import timezone

    from casier.console.finding import find
    from casier.directory.mandates import Ability, people_within

    for typed in TYPED:
        taken = []
        for _ in range(20):
            began = time.perf_counter()
            answer = find(people_within(officer, Ability.SEE_PERSON, timezone.now()), typed)  # type: ignore[arg-type]
            taken.append((time.perf_counter() - began) * 1000)
        more = "+" if answer.more else ""
        median = statistics.median(taken)
        print(f"{typed:28} {len(answer.people):3}{more:1}  {median:6.1f} ms, worst {max(taken):.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=60_000)
    measure(prepare(parser.parse_args().people))


if __name__ == "__main__":
    main()
