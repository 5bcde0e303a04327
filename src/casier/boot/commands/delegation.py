"""`./casier delegation`: mailboxes that people have opened to colleagues."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from django.db.models import Q
from django.utils import timezone

from casier.boot.commands.announce import BadMoment
from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import academy_named, account_with, primary_address
from casier.directory.models import DelegateRight, Delegation

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les boîtes que des personnes ouvrent à un collègue, jusqu’à une date.",
        "Mailboxes that people open to a colleague, until a day.",
    ),
)
OneColleague = Annotated[
    str,
    typer.Argument(
        metavar=say("COLLÈGUE", "COLLEAGUE"),
        help=say("Une adresse de qui l’ouvrira", "An address of who will open it"),
    ),
]
WhichRight = Annotated[
    DelegateRight,
    typer.Option(
        "--right",
        help=say(
            "read : lire ; organise : aussi classer ; behalf : aussi écrire au nom de ; as : écrire comme",
            "read; organise: also file; behalf: also write on behalf of; as: write as",
        ),
    ),
]


@app.command(
    "list", help=say("Lister les délégations, en cours ou toutes.", "List delegations, open ones or all.")
)
def list_delegations(
    person: Annotated[
        str,
        typer.Option(
            help=say("Données par elle, ou à elle (adresse)", "Given by them, or to them (address)")
        ),
    ] = "",
    academy: InAcademy = "",
    every: Annotated[
        bool, typer.Option("--all", help=say("Aussi celles qui ont pris fin", "Also those that have ended"))
    ] = False,
    json: AsJson = False,
) -> None:
    rows = Delegation.objects.select_related("owner__person", "owner__academy", "delegate__person")
    with told():
        if person:
            account = account_with(person)
            rows = rows.filter(Q(owner=account) | Q(delegate=account))
        if academy:
            rows = rows.filter(owner__academy=academy_named(academy))
        if not every:
            rows = rows.filter(ended_at=None, ends_at__gt=timezone.now())
        found = [facts(row) for row in rows.order_by("created_at")]
    if json:
        as_json(found)
        return
    for row in found:
        print(f"{row['id']}  {row['owner']} → {row['delegate']}  {row['right']:<9} {row['endsAt'][:16]}")


@app.command(
    help=say(
        "Ouvrir une boîte à un collègue. Exemple : delegation grant marie.durand@ac-rouen.fr "
        "jean.martin@ac-rouen.fr --right organise --until 2026-12-31 --reason 'Congé'",
        "Open a mailbox to a colleague. Example: delegation grant marie.durand@ac-rouen.fr "
        "jean.martin@ac-rouen.fr --right organise --until 2026-12-31 --reason 'Leave'",
    )
)
def grant(
    address: OneAddress,
    colleague: OneColleague,
    right: WhichRight,
    until: Annotated[
        str,
        typer.Option(help=say("Jusqu’à (jour compris, ou moment)", "Until (that day included, or moment)")),
    ],
    reason: Reason,
    since: Annotated[
        str, typer.Option("--from", help=say("À partir de ; sinon maintenant", "From then; else now"))
    ] = "",
    folder: Annotated[
        list[str] | None,
        typer.Option(
            help=say(
                "Identifiant d’un dossier ; sinon toute la boîte", "A folder’s id; else the whole mailbox"
            )
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        starts = _moment(since, last=False) if since else now
        opening = actions.Opening(right, max(starts, now), _moment(until, last=True), tuple(folder or ()))
        owner, delegate = account_with(address), account_with(colleague)
        row = actions.delegate_mailbox(owner, delegate, opening, by=operator(), reason=reason, now=now)
    _tell(row, json)


@app.command(help=say("Mettre fin à une délégation, tout de suite.", "End a delegation, at once."))
def end(
    delegation: Annotated[
        str,
        typer.Argument(
            metavar=say("DÉLÉGATION", "DELEGATION"), help=say("Son identifiant (list)", "Its id (list)")
        ),
    ],
    reason: Reason,
    json: AsJson = False,
) -> None:
    with told():
        row = actions.delegation_with(delegation)
        row = actions.end_delegation(row, by=operator(), reason=reason, now=timezone.now())
    _tell(row, json)


def _tell(row: Delegation, json: bool) -> None:
    found = facts(actions.delegation_with(row.id.hex))
    if json:
        as_json(found)
    else:
        print(found["id"])


def _moment(text: str, *, last: bool) -> datetime:
    """A moment in Paris; a day alone is its beginning, or its LAST instant."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadMoment(f"{text!r} is not a moment: write 2026-12-31 18:00.", moment=text) from error
    if last and len(text.strip()) == len("2026-12-31"):
        moment += timedelta(days=1)
    return timezone.make_aware(moment) if moment.tzinfo is None else moment


def facts(row: Delegation) -> dict[str, Any]:
    """A delegation as programs read it."""
    return {
        "id": row.id.hex,
        "academy": row.owner.academy.slug,
        "owner": primary_address(row.owner),
        "delegate": primary_address(row.delegate),
        "right": row.right,
        "folders": row.folders,
        "startsAt": timezone.localtime(row.starts_at).isoformat(timespec="seconds"),
        "endsAt": timezone.localtime(row.ends_at).isoformat(timespec="seconds"),
        "endedAt": _or_none(row.ended_at),
        "lastUsedAt": _or_none(row.last_used_at),
    }


def _or_none(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
