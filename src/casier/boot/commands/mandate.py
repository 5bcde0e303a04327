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
from casier.directory.mandates import end_of_day, in_force
from casier.directory.models import Academy, Account, Mandate, Network, Office, School
from casier.rights import api as rights

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
OneDepartment = Annotated[
    str,
    typer.Option(
        "--department",
        metavar=say("NUMÉRO", "NUMBER"),
        help=say("Pour ce département seulement : 76, 2A", "For this department only: 76, 2A"),
    ),
]
OneNetwork = Annotated[
    str,
    typer.Option(
        "--network",
        metavar=say("NOM", "NAME"),
        help=say("Pour ce réseau seulement (nom court)", "For this network only (short name)"),
    ),
]
Elsewhere = Annotated[
    str,
    typer.Option(
        "--elsewhere",
        metavar=say("ACADÉMIE", "ACADEMY"),
        help=say("Dans cette autre académie (nom court)", "In this other academy (short name)"),
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
    department: OneDepartment = "",
    network: OneNetwork = "",
    elsewhere: Elsewhere = "",
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
        account = _account_in(address, academy)
        part = _part(_where(account, elsewhere), school, department, network)
        new = actions.NewMandate(office, ends_at=_end_of(until), **part)
        row = actions.give_mandate(account, new, by=operator(), reason=reason, now=timezone.now())
    _show([row], json)


@app.command(help=say("Mettre fin à une charge, aussitôt.", "End an office, at once."))
def end(
    address: OneAddress,
    office: WhichOffice,
    reason: Reason,
    academy: TheAcademy = "",
    school: OneSchool = "",
    department: OneDepartment = "",
    network: OneNetwork = "",
    elsewhere: Elsewhere = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        account = _account_in(address, academy)
        rows = _held(account, office, _part(_where(account, elsewhere), school, department, network))
        ended = [rights.end(row, by=operator(), reason=reason, now=now) for row in rows]
    _show(ended, json)


@app.command(
    help=say(
        "Prêter une charge à un collègue, jusqu’à une date. Exemple : mandate lend jean.martin@ac-rouen.fr "
        "zoe.petit@ac-rouen.fr --office help_desk --until 31/08/2027 --reason 'Congé'",
        "Lend an office to a colleague, until a day. Example: mandate lend jean.martin@ac-rouen.fr "
        "zoe.petit@ac-rouen.fr --office help_desk --until 31/08/2027 --reason 'Leave'",
    )
)
def lend(
    address: OneAddress,
    colleague: Annotated[
        str,
        typer.Argument(
            metavar=say("COLLÈGUE", "COLLEAGUE"), help=say("Qui l’exercera aussi", "Who exercises it, too")
        ),
    ],
    office: WhichOffice,
    reason: Reason,
    until: Annotated[
        str,
        typer.Option(
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Jusqu’à ce jour compris", "Until that day included"),
        ),
    ],
    school: OneSchool = "",
    department: OneDepartment = "",
    network: OneNetwork = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        lender, end_at = account_with(address), _end_of(until)
        if end_at is None:
            raise BadMandate("A loan has a last day.", field="ends_at")
        part = _part(lender.academy, school, department, network)
        del part["academy"]
        loan = actions.Loan(end_at, **part)
        # Which of their offices, where they hold it for several parts: the one that the part is within.
        rows = [row for row in _held(lender, office, None) if row.shared_from_id is None]
        row = next((row for row in rows if actions.covers(row, actions.NewMandate(office, **part))), rows[0])
        made = rights.lend(row, account_with(colleague), loan, by=operator(), reason=reason, now=now)
    _show(_complete(Mandate.objects.filter(pk=made.pk)), json)


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
    held = set(in_force(now).values_list("pk", flat=True))
    _show([row for row in _complete(rows) if every or row.pk in held], json)


def _account_in(address: str, academy: str) -> Account:
    account = account_with(address)
    if academy and account.academy != academy_named(academy):
        raise BadMandate("The account is another academy’s.", field="academy", academy=account.academy.slug)
    return account


def _where(account: Account, elsewhere: str) -> Academy:
    return academy_named(elsewhere) if elsewhere else account.academy


def _part(academy: Academy, school: str, department: str, network: str) -> dict[str, Any]:
    """The part of the academy that was named. Raises NotFound."""
    found: Network | None = None
    if network:
        found = Network.objects.filter(academy=academy, slug=network).first()
        if found is None:
            raise NotFound("No network has this short name.", network=network)
    one: School | None = school_with(school) if school else None
    return {"academy": academy, "school": one, "department": department.upper(), "network": found}


def _held(account: Account, office: Office, part: dict[str, Any] | None) -> list[Mandate]:
    """What is held there now, None: wherever. Raises NotFound for nothing."""
    rows = in_force(timezone.now()).filter(account=account, office=office, **(part or {}))
    found = _complete(rows.order_by("pk"))
    if not found:
        raise NotFound("This office isn’t held there.", office=office.value)
    return found


def _complete(rows: Any) -> list[Mandate]:
    return list(
        rows.select_related("account__person", "academy", "school", "network", "shared_from__account")
    )


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
    for row, one in zip(rows, found, strict=True):
        until = _until(row)
        part = one["school"] or one["department"] or one["network"] or "–"
        lent = say(f"  prêtée par {one['lentBy']}", f"  lent by {one['lentBy']}") if one["lentBy"] else ""
        brought = f"  ({one['comesWith']})" if one["comesWith"] else ""
        state = say("  terminée", "  ended") if one["endedAt"] else ""
        print(
            f"{one['academy']:<14} {one['office']:<10} {part:<9} {one['address']}",
            f" {until}{lent}{brought}{state}",
        )


def _until(row: Mandate) -> str:
    if row.last_moment is None:
        return say("sans terme", "for good")
    day = timezone.localtime(row.last_moment).date().isoformat()
    return say(f"jusqu’au {day}", f"until {day}")


def facts(row: Mandate) -> dict[str, Any]:
    """An office as programs read it."""
    return {
        "address": primary_address(row.account),
        "name": row.account.person.full_name,
        "office": str(row.office),
        "academy": row.academy.slug,
        "school": row.school.uai if row.school else "",
        "department": row.department,
        "network": row.network.slug if row.network else "",
        "lentBy": primary_address(row.shared_from.account) if row.shared_from else "",
        "since": row.starts_at.isoformat(timespec="seconds"),
        "endsAt": row.ends_at.isoformat(timespec="seconds") if row.ends_at else None,
        "endedAt": row.ended_at.isoformat(timespec="seconds") if row.ended_at else None,
        "comesWith": row.comes_with,
        "reason": row.reason,
    }
