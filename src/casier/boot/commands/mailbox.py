"""`./casier mailbox`: a mailbox taken out as a file, what was deleted brought back, old ones renewed."""

from __future__ import annotations

import json
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from casier.audit.api import record
from casier.boot.commands.speaking import (
    REFUSED,
    AsJson,
    OneAddress,
    Reason,
    as_json,
    complain,
    operator,
    told,
)
from casier.boot.words import say
from casier.directory.access import account_with, journal_name, owner_with
from casier.directory.models import Account
from casier.edge.tokens import Tokens
from casier.kernel.instance import Instance, Port
from casier.kernel.transfer_folders import imports_folder
from casier.mailbox.filters.renewing import SHUT
from casier.mailbox.filters.renewing import renew as renew_rules
from casier.mailbox.importing.appending import StoreConnection
from casier.mailbox.importing.names import decode
from casier.mailbox.restoring import actions, index
from casier.mailbox.restoring.access import whole
from casier.mailbox.restoring.index import STORE_DAYS, Deleted
from casier.mailbox.stores import store_named
from casier.mailbox.transfer import exporting
from casier.mailbox.transfer.dav import dav_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Une boîte : l’exporter, retrouver ce qui en a été supprimé, la remettre à niveau.",
        "A mailbox: exporting it, bringing back what was deleted from it, bringing it up to date.",
    ),
)
Words = Annotated[
    str,
    typer.Option(
        "--search",
        metavar=say("MOTS", "WORDS"),
        help=say("Dans l’objet ou parmi les personnes", "In the subject or among the people"),
    ),
]


@app.command(
    help=say(
        "Écrire une boîte entière, contacts et agendas compris, dans un zip sur la sortie standard. "
        "Exemple : mailbox export jean.martin@ac-rouen.fr --reason 'Départ' > jean.zip",
        "Write a whole mailbox, contacts and calendars too, as a zip to standard output. "
        "Example: mailbox export jean.martin@ac-rouen.fr --reason 'Leaving' > jean.zip",
    )
)
def export(
    address: OneAddress,
    reason: Reason,
    folder: Annotated[
        list[str] | None,
        typer.Option(metavar=say("DOSSIER", "FOLDER"), help=say("Seulement ce dossier", "Only this folder")),
    ] = None,
    mbox: Annotated[
        bool, typer.Option("--mbox", help=say("Un fichier mbox par dossier", "One mbox file for each folder"))
    ] = False,
    as_facts: AsJson = False,
) -> None:
    if sys.stdout.isatty():
        complain(say("Redirigez la sortie vers un fichier : … > boite.zip", "Redirect: … > mailbox.zip"))
        raise typer.Exit(2)
    instance = Instance.load()
    part = imports_folder(instance) / f"{uuid.uuid4().hex}.part"
    with told():
        owner = owner_with(address)
        key, now = owner.mailbox_key, timezone.now()
        with transaction.atomic():
            record(
                operator(), "mail.exported", journal_name(owner), reason, academy=owner.academy.slug, at=now,
                folders=folder or [],
            )  # fmt: skip
        tokens, port = Tokens(instance.key("token")), instance.port(Port.STORE_IMAP)
        wanted = exporting.Wanted(key, tuple(folder) if folder else None, mbox=mbox)
        if not folder:
            wanted = exporting.Wanted(key, None, contacts=True, agendas=True, mbox=mbox)
        try:
            with _bar() as tell, dav_of(instance, key) as dav:
                progress = exporting.Progress(tell=tell)
                more = None if folder else dav
                exporting.write(
                    part, wanted, lambda: StoreConnection(port, key, tokens.make(key, time.time())), more,
                    now, progress,
                )  # fmt: skip
            with part.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer, 1 << 20)
            _said({"messages": progress.done, "octets": part.stat().st_size}, as_facts)
        finally:
            part.unlink(missing_ok=True)


@app.command(
    help=say(
        "Lister ce qui a été supprimé pour de bon et peut revenir. "
        "Exemple : mailbox deleted jean.martin@ac-rouen.fr --search circulaire",
        "List what was deleted for good and can come back. "
        "Example: mailbox deleted jean.martin@ac-rouen.fr --search circular",
    )
)
def deleted(address: OneAddress, search: Words = "", as_facts: AsJson = False) -> None:
    with told():
        found = _found(address, search)
    if as_facts:
        as_json([_facts(one) for one in found])
        return
    for one in found:
        facts = _facts(one)
        print(f"{one.hash}  {facts['deleted'][:16]}  {one.address:<40} {facts['folder']:<24} {one.subject}")


@app.command(
    help=say(
        "Remettre à leur place des messages supprimés. "
        "Exemple : mailbox restore jean.martin@ac-rouen.fr --search circulaire --reason 'Demande 4711'",
        "Put deleted messages back in place. "
        "Example: mailbox restore jean.martin@ac-rouen.fr --search circular --reason 'Request 4711'",
    )
)
def restore(
    address: OneAddress,
    reason: Reason,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID…", help=say("Ceux que donne « deleted »", "As “deleted” gives them")),
    ] = None,
    search: Words = "",
    every: Annotated[
        bool, typer.Option("--all", help=say("Tout ce qui peut revenir", "All that can come back"))
    ] = False,
    as_facts: AsJson = False,
) -> None:
    if not (ids or search or every):
        complain(say("Donnez des ID, --search ou --all.", "Give IDs, --search or --all."))
        raise typer.Exit(2)
    with told():
        owner = owner_with(address)
        wanted = set(ids or ())
        chosen = [one for one in _found(address, search) if not ids or one.hash in wanted]
        store, reach = store_named(owner.store.name), whole(owner.mailbox_key)
        count = missing = 0
        with _bar() as _tell:
            for start in range(0, len(chosen), actions.MOST):
                some = [one.hash for one in chosen[start : start + actions.MOST]]
                done = actions.restore_in(
                    store, reach, some, STORE_DAYS, by=operator(), now=timezone.now(), reason=reason
                )
                count, missing = count + done.count, missing + done.missing
    unknown = len(wanted - {one.hash for one in chosen})
    _said({"restored": count, "missing": missing + unknown}, as_facts)
    raise typer.Exit(0 if count or not chosen else REFUSED)


@app.command(
    help=say(
        "Remettre à niveau ce que des versions antérieures ont laissé dans une boîte, ou dans toutes : "
        "règles récrites comme aujourd’hui, abonnement à tous les dossiers pour les logiciels de messagerie. "
        "Le refaire ne change rien. Exemple : mailbox renew --all",
        "Bring what earlier versions left in a mailbox, or in all, up to date: rules written as today, "
        "every folder subscribed to for mail programs. Doing it again changes nothing. "
        "Example: mailbox renew --all",
    )
)
def renew(
    address: Annotated[
        str, typer.Argument(metavar=say("ADRESSE", "ADDRESS"), help=say("Celle du compte", "The account’s"))
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", help=say("Toutes les boîtes ouvertes", "All open mailboxes"))
    ] = False,
    as_facts: AsJson = False,
) -> None:
    if bool(address) == every:
        complain(say("Donnez une adresse ou --all.", "Give an address or --all."))
        raise typer.Exit(2)
    instance = Instance.load()
    tokens, port = Tokens(instance.key("token")), instance.port(Port.STORE_IMAP)
    rules = folders = 0
    with told():
        open_ones = Account.objects.exclude(state__in=SHUT).exclude(provisioned_at=None)
        wanted = [account_with(address)] if address else open_ones.iterator(chunk_size=200)
        for account in wanted:
            rules += renew_rules(account)
            key = account.mailbox_key
            with StoreConnection(port, key, tokens.make(key, time.time())) as person:
                folders += person.subscribe_all()
    _said({"rules": rules, "subscribed": folders}, as_facts)


def _found(address: str, search: str) -> list[Deleted]:
    owner, now = owner_with(address), timezone.now()
    every = index.look(store_named(owner.store.name), whole(owner.mailbox_key), STORE_DAYS, now)
    return actions.matches(every, actions.Asked(search), datetime.fromtimestamp(0, UTC))


def _facts(one: Deleted) -> dict[str, Any]:
    return {
        "id": one.hash,
        "subject": one.subject,
        "from": one.address,
        "folder": decode(one.folder),
        "octets": one.size,
        "received": datetime.fromtimestamp(one.received, UTC).isoformat(),
        "deleted": datetime.fromtimestamp(one.deleted, UTC).isoformat(),
    }


def _said(facts: dict[str, int], as_facts: bool) -> None:
    """The result, beside what a program reads from standard output."""
    if as_facts:
        complain(json.dumps(facts))
    else:
        complain(", ".join(f"{name} {number}" for name, number in facts.items()))


@contextmanager
def _bar() -> Iterator[Any]:
    """How far it is, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.completed}/{task.total}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(progress: exporting.Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total)

        yield tell
