"""`./casier account many`: one act on many people, told first, done when asked, taken back."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.choosing import EVERYBODY, by_filter, check_names
from casier.boot.commands.speaking import AsJson, Reason, as_json, complain, operator, told
from casier.boot.words import say
from casier.console.fields import parsed_size
from casier.console.many import operating, working
from casier.console.many.acts import ManyAct, Params
from casier.console.many.filters import Filter
from casier.console.many.operating import BadOperation
from casier.console.many.whom import tally
from casier.console.models import LineStatus, Operation
from casier.directory.access import academy_named, account_with, mailbox_with, primary_address
from casier.directory.errors import NotFound
from casier.directory.importing import parse_day
from casier.directory.models import Role

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Un même acte sur beaucoup de comptes : montré d’abord, fait si on le demande, annulable.",
        "One act on many accounts: told first, done when asked, taken back.",
    ),
)
Number = Annotated[str, typer.Argument(metavar="ID", help=say("L’acte en nombre", "The operation"))]


@app.command(
    "run",
    help=say(
        "Dire qui serait touché ; avec --apply, le faire. Exemple : account many run sign_out "
        "--academy rouen --school 0761234V --reason 'Mots de passe affichés' --apply",
        "Tell who would be touched; with --apply, do it. Example: account many run sign_out "
        "--academy rouen --school 0761234V --reason 'Passwords on a wall' --apply",
    ),
)
@by_filter
def run(
    act: Annotated[ManyAct, typer.Argument(help=say("Quoi", "What"))],
    academy: Annotated[str, typer.Option("--academy", help=say("Nom court", "Short name"))],
    addresses: Annotated[
        list[str] | None,
        typer.Option("--address", help=say("Cette personne (répétable)", "This person (may be repeated)")),
    ] = None,
    wanted: Filter = EVERYBODY,
    last_day: Annotated[
        str, typer.Option("--last-day", help=say("leave : dernier jour", "leave: last day of service"))
    ] = "",
    size: Annotated[
        str,
        typer.Option(
            "--size", help=say("quota : « 10 Go » ; vide : la politique", "quota: 10 GB; empty: policy")
        ),
    ] = "",
    mailbox: Annotated[
        str, typer.Option("--mailbox", help=say("member : adresse de la boîte", "member: its address"))
    ] = "",
    role: Annotated[
        Role,
        typer.Option("--role", help=say("member : son rôle", "member: what they may do")),
    ] = Role.READ,
    apply: Annotated[bool, typer.Option("--apply", help=say("Le faire", "Do it"))] = False,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    by, now = operator(), timezone.now()
    with told():
        if not addresses and not wanted.facts:
            raise BadOperation("Nobody was chosen: name people, or a filter.", field="people")
        where = academy_named(academy)
        check_names(wanted, where)
        whom = [account_with(address).pk for address in addresses] if addresses else wanted
        params = _params(act, last_day, size, mailbox, role)
        operation = operating.begin(where, act, whom, params, by=by, now=now)
        working.work_off(operation)
        if apply:
            operating.launch(operation, by=by, reason=reason, now=now)
            working.work_off(operation)
    _tell(operation, json)
    if not apply and not json:
        complain(
            say("Rien n’est fait : ajoutez --apply et --reason.", "Nothing is done: add --apply, --reason.")
        )


@app.command("list", help=say("Les derniers actes en nombre.", "The latest operations."))
def list_operations(json: AsJson = False) -> None:
    rows = Operation.objects.select_related("academy").order_by("-created_at")[:50]
    if json:
        as_json([facts(row) for row in rows])
        return
    for row in rows:
        at = timezone.localtime(row.created_at)
        print(f"{row.pk}  {at:%Y-%m-%d %H:%M}  {row.act:<9} {row.state:<9} {row.by}")


@app.command(help=say("Un acte en nombre, ligne par ligne.", "One operation, line by line."))
def show(number: Number, json: AsJson = False) -> None:
    with told():
        _tell(_named(number), json)


@app.command(
    help=say(
        "Défaire, pour ceux à qui rien d’autre n’est arrivé depuis.",
        "Take back, for those whom nothing else happened to since.",
    )
)
def undo(number: Number, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        operation = operating.undo(_named(number), by=operator(), reason=reason, now=timezone.now())
        working.work_off(operation)
    _tell(operation, json)


def facts(operation: Operation) -> dict[str, Any]:
    """An operation as programs read it."""
    counts: dict[str, int] = {}
    for (status, _why), count in tally(operation).items():
        counts[status] = counts.get(status, 0) + count
    return {
        "id": operation.pk.hex,
        "academy": operation.academy.slug,
        "act": operation.act,
        "params": operation.params,
        "state": operation.state,
        "by": operation.by,
        "reason": operation.reason,
        "at": operation.created_at.isoformat(timespec="seconds"),
        "counts": counts,
    }


def _tell(operation: Operation, json: bool) -> None:
    operation.refresh_from_db()
    lines = operation.lines.select_related("account__person").order_by("number")
    rows = [
        {
            "address": primary_address(line.account),
            "name": line.account.person.full_name,
            "status": line.status,
            "why": line.why,
        }
        for line in lines
    ]
    if json:
        as_json({**facts(operation), "lines": rows})
        return
    print(f"{operation.pk}  {operation.act}  {operation.state}")
    for row in rows:
        print(f"{row['address']:<44} {row['status']:<9} {row['why']}")
    planned = operation.lines.filter(status=LineStatus.PLANNED).count()
    if planned:
        complain(say(f"{planned} comptes seraient touchés.", f"{planned} accounts would be touched."))


def _params(act: ManyAct, last_day: str, size: str, mailbox: str, role: Role) -> Params:
    if act is ManyAct.LEAVE:
        day = parse_day(last_day)
        return {"last_day": day.isoformat() if day else ""}
    if act is ManyAct.QUOTA:
        return {"bytes": parsed_size(size) if size else None}
    if act is ManyAct.MEMBER:
        return {"mailbox": mailbox_with(mailbox).pk.hex, "role": role.value}
    return {}


def _named(number: str) -> Operation:
    """Raises NotFound."""
    try:
        return Operation.objects.select_related("academy").get(pk=uuid.UUID(number))
    except (ValueError, Operation.DoesNotExist) as error:
        raise NotFound("No such operation.", operation=number) from error
