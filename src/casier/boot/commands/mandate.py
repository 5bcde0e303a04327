"""`./casier mandate`: who holds which office, where and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import academy_named, account_with, primary_address, school_with
from casier.directory.errors import BadMandate, NotFound
from casier.directory.importing import parse_day
from casier.directory.mandates import end_of_day
from casier.directory.models import Account, Mandate, Office, School

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les charges : assistance, sécurité, DSI, chef d’établissement, délégué à la protection des données.",
        "Offices: help desk, security officer, DSI, head of school, data protection officer.",
    ),
)
WhichOffice = Annotated[
    Office, typer.Option("--office", help=say("La charge donnée", "The office that is given"))
]
OneSchool = Annotated[
    str,
    typer.Option(
        "--school",
        metavar="UAI",
        help=say(
            "Pour cet établissement seulement ; sinon l’académie", "For this school only; else the academy"
        ),
    ),
]
TheAcademy = Annotated[
    str,
    typer.Option(
        "--academy",
        help=say("Celle du compte ; l’écrire évite l’erreur", "The account’s own; saying it avoids mistakes"),
    ),
]


@app.command(
    help=say(
        "Donner une charge. Exemple : mandate give jean.martin@ac-rouen.fr --office help_desk "
        "--academy rouen --reason 'Renfort de rentrée'",
        "Give an office. Example: mandate give jean.martin@ac-rouen.fr --office help_desk "
        "--academy rouen --reason 'Start of the year'",
    )
)
def give(
    address: OneAddress,
    office: WhichOffice,
    reason: Reason,
    academy: TheAcademy = "",
    school: OneSchool = "",
    until: Annotated[
        str,
        typer.Option(
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Jusqu’à ce jour compris ; sinon sans terme", "Until that day included; else for good"),
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    with told():
        account, where = _account_in(address, academy), school_with(school) if school else None
        new = actions.NewMandate(office, where, _end_of(until))
        row = actions.give_mandate(account, new, by=operator(), reason=reason, now=timezone.now())
    _show([row], json)


@app.command(help=say("Mettre fin à une charge, aussitôt.", "End an office, at once."))
def end(
    address: OneAddress,
    office: WhichOffice,
    reason: Reason,
    academy: TheAcademy = "",
    school: OneSchool = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        account, where = _account_in(address, academy), school_with(school) if school else None
        rows = _held(account, office, where)
        if not rows:
            raise NotFound("This office isn’t held there.", address=address, office=office.value)
        ended = [actions.end_mandate(row, by=operator(), reason=reason, now=now) for row in rows]
    _show(ended, json)


@app.command(
    "list", help=say("Lister les charges en cours, ou toutes.", "List offices that are held, or all.")
)
def list_mandates(
    address: Annotated[
        str,
        typer.Argument(metavar=say("[ADRESSE]", "[ADDRESS]"), help=say("D’une personne", "Of one person")),
    ] = "",
    academy: InAcademy = "",
    every: Annotated[
        bool, typer.Option("--all", help=say("Aussi celles qui ont pris fin", "Also those that have ended"))
    ] = False,
    json: AsJson = False,
) -> None:
    rows = Mandate.objects.order_by("academy__slug", "office", "starts_at")
    with told():
        if address:
            rows = rows.filter(account=account_with(address))
        if academy:
            rows = rows.filter(academy=academy_named(academy))
    now = timezone.now()
    _show([row for row in _complete(rows) if every or _is_held(row, now)], json)


def _account_in(address: str, academy: str) -> Account:
    account = account_with(address)
    if academy and account.academy != academy_named(academy):
        raise BadMandate("The account is another academy’s.", field="academy", academy=account.academy.slug)
    return account


def _held(account: Account, office: Office, school: School | None) -> list[Mandate]:
    now = timezone.now()
    rows = Mandate.objects.filter(account=account, office=office, school=school, ended_at=None)
    return [row for row in _complete(rows) if _is_held(row, now)]


def _complete(rows: Any) -> list[Mandate]:
    return list(rows.select_related("account__person", "academy", "school"))


def _is_held(row: Mandate, now: datetime) -> bool:
    return row.ended_at is None and (row.ends_at is None or row.ends_at > now)


def _end_of(day: str) -> datetime | None:
    """The last instant of DAY in Paris; None for no end."""
    parsed = parse_day(day)
    if parsed is None:
        return None
    return end_of_day(parsed)


def _show(rows: list[Mandate], json: bool) -> None:
    found = [facts(row) for row in rows]
    if json:
        as_json(found)
        return
    for one in found:
        until = one["endsAt"] or say("sans terme", "for good")
        state = say("  terminée", "  ended") if one["endedAt"] else ""
        print(
            f"{one['academy']:<14} {one['office']:<10} {one['school'] or '–':<9} {one['address']}",
            f" {until}{state}",
        )


def facts(row: Mandate) -> dict[str, Any]:
    """An office as programs read it."""
    return {
        "address": primary_address(row.account),
        "name": row.account.person.full_name,
        "office": str(row.office),
        "academy": row.academy.slug,
        "school": row.school.uai if row.school else "",
        "since": row.starts_at.isoformat(timespec="seconds"),
        "endsAt": row.ends_at.isoformat(timespec="seconds") if row.ends_at else None,
        "endedAt": row.ended_at.isoformat(timespec="seconds") if row.ended_at else None,
        "reason": row.reason,
    }
