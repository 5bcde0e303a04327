"""`./casier provision`: what differs between the directory and the engines, and mending it."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from casier.boot.commands.speaking import REFUSED, AsJson, as_json, complain, told
from casier.boot.words import say

app = typer.Typer(rich_markup_mode=None)
# How long a repair waits for the worker before it does the work itself.
_NOTHING_LEFT = 0.5


@app.callback(
    invoke_without_command=True,
    help=say(
        "Comparer l’annuaire et les moteurs : boîtes, dossiers, quotas, droits, publication. "
        "--check dit chaque écart (code 1 s’il y en a), --repair les corrige, --publish republie tout.",
        "Compare the directory and the engines: mailboxes, folders, quotas, rights, what is published. "
        "--check tells every difference (exit code 1 if any), --repair mends, --publish publishes all anew.",
    ),
)
def provision(
    check: Annotated[
        bool, typer.Option("--check", help=say("Dire chaque écart", "Tell every difference"))
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help=say("Les corriger", "Mend them"))] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help=say("Tout republier dans Redis", "Publish all anew in Redis"))
    ] = False,
    json: AsJson = False,
) -> None:
    if check + repair + publish != 1:
        complain(say("Choisissez --check, --repair ou --publish.", "Choose --check, --repair or --publish."))
        raise typer.Exit(2)
    with told():
        if publish:
            raise typer.Exit(_publish(json))
        raise typer.Exit(_repair(json) if repair else _check(json))


def _check(json: bool) -> int:
    from casier.mailbox.differences import differences

    found = list(differences())
    if json:
        as_json({"differences": [difference.as_json() for difference in found]})
    for difference in [] if json else found:
        print(f"{difference.kind:<16} {difference.target}  {difference.detail}")
    if not found and not json:
        print(say("Aucun écart.", "No difference."))
    return REFUSED if found else 0


def _repair(json: bool) -> int:
    """Mend, then look again: what is still different is told."""
    from casier.mailbox.differences import differences, repair

    if repair(list(differences())):
        _settle()
    return _check(json)


def _settle() -> None:
    """Until nothing is due: the worker does the work when it runs; what it leaves is done here."""
    from django.utils import timezone

    from casier.audit import outbox
    from casier.mailbox.converging import converge

    while (due := outbox.next_due()) is not None and due <= timezone.now():
        if not converge("provision"):
            time.sleep(_NOTHING_LEFT)


def _publish(json: bool) -> int:
    from casier.mailbox.provisioning import publish_all

    count = publish_all()
    if json:
        as_json({"published": count})
    else:
        print(say(f"{count} comptes et boîtes publiés.", f"{count} accounts and mailboxes published."))
    return 0
