"""Have the whole demonstration in an instance whose parts run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from casier.audit.api import record
from casier.audit.models import JournalEntry
from casier.demo import cast, deliver, enrol, story, telling
from casier.demo.contributors import demo_contributors
from casier.demo.feeding import look_at_an_import
from casier.demo.groups import form_groups, give_classes
from casier.demo.invitees import demo_invitees
from casier.demo.register import complete_registers
from casier.demo.schools import ask_for_mailboxes
from casier.directory.models import Account, FunctionalMailbox, Person
from casier.edge.tokens import Tokens
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance, Port
from casier.mailbox.arrivals.api import vouch_for
from casier.mailbox.importing.appending import StoreConnection

PROVISIONING_SECONDS = 90.0
LOADED = "demo.loaded"


def ensure(instance: Instance, progress: Callable[[str], None] = lambda _: None) -> str:
    """Have the demonstration in INSTANCE; return a line that says what was done.

    Raises Unavailable when mailboxes don't appear or the store can't be reached: the next start goes on.
    """
    now = timezone.now()
    if _is_loaded(now):
        return "déjà là"
    progress("annuaire")
    players = cast.load()
    found = enrol.enrol(players, now)
    demo_invitees(now)
    demo_contributors(now)
    give_classes()
    form_groups(now)
    look_at_an_import(now)
    ask_for_mailboxes(found, now)
    complete_registers(players, now)
    players = enrol.as_known(players, found)
    progress("boîtes")
    _wait_for_mailboxes()
    progress("courrier")
    copies = story.tell(players, _born(now))
    keys = {key: owner.mailbox_key for key, owner in found.items()}
    new = deliver.deliver(copies, keys, _connect(instance), vouch_for)
    telling.tell(now)
    with transaction.atomic():
        record(enrol.BY, LOADED, "demo", "démonstration", at=timezone.now(), messages=len(copies))
    people, schools = len(players.people), len(players.schools)
    return f"{len(players.academies)} académies, {schools} établissements, {people} personnes, {new} messages"


def _is_loaded(now: datetime) -> bool:
    """Whether it was all loaded once. What people did with it since is theirs: nothing is put back."""
    noted = JournalEntry.objects.filter(action=LOADED, target="demo").exists()
    return noted or _born(now) < now - timedelta(days=1)


def _born(now: datetime) -> datetime:
    """When the demonstration was first made here: its dates count from then, also after a broken start."""
    people = Person.objects.filter(keys__key__startswith="demo-")
    first: datetime | None = people.aggregate(at=Min("created_at"))["at"]
    return first or now


def _wait_for_mailboxes() -> None:
    """Until the worker has made every mailbox. Raises Unavailable."""
    until = time.monotonic() + PROVISIONING_SECONDS
    while True:
        accounts = Account.objects.filter(person__keys__key__startswith="demo-", provisioned_at=None).count()
        missing = accounts + FunctionalMailbox.objects.filter(provisioned_at=None, is_closed=False).count()
        if not missing:
            return
        if time.monotonic() > until:
            raise Unavailable(f"{missing} boîtes ne sont pas prêtes", part="worker")
        time.sleep(0.1)


def _connect(instance: Instance) -> deliver.Connect:
    tokens = Tokens(instance.key("token"))
    port = instance.port(Port.STORE_IMAP)
    return lambda key: StoreConnection(port, key, tokens.make(key, time.time()))
