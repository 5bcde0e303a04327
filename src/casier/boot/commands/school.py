"""`./casier school`."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import (
    academy_named,
    account_with,
    mailbox_with,
    primary_address,
    school_with,
)
from casier.directory.errors import NotFound
from casier.directory.importing import parse_day
from casier.directory.models import School
from casier.schools import api as schools
from casier.schools import showing
from casier.schools.telling import heads_of, thing_of

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("Les établissements.", "Schools and services.")
)

OneSchool = Annotated[
    str, typer.Argument(metavar="UAI", help=say("Le code de l’établissement", "The school's code"))
]


@app.command(
    help=say(
        "Créer un établissement ; la lettre de l’UAI est vérifiée.",
        "Create a school; the UAI's letter is checked.",
    )
)
def create(
    uai: Annotated[
        str,
        typer.Argument(
            metavar="UAI",
            help=say("Sept chiffres et une lettre de contrôle", "Seven digits and a check letter"),
        ),
    ],
    academy: Annotated[
        str, typer.Option("--academy", help=say("Nom court de l’académie", "Short name of the academy"))
    ],
    name: Annotated[str, typer.Option("--name", help=say("Nom affiché", "Name as shown"))],
    kind: Annotated[
        str, typer.Option("--kind", help=say("collège, lycée, école, service…", "collège, lycée, école…"))
    ] = "",
    city: Annotated[str, typer.Option("--city", help=say("Commune", "Town"))] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        new = actions.NewSchool(uai, name, kind=kind, city=city)
        school = actions.create_school(
            academy_named(academy), new, by=operator(), reason=reason, now=timezone.now()
        )
    _show([school], json)


@app.command("list", help=say("Lister les établissements.", "List the schools."))
def list_schools(academy: InAcademy = "", json: AsJson = False) -> None:
    schools = School.objects.select_related("academy").order_by("uai")
    with told():
        chosen = schools.filter(academy=academy_named(academy)) if academy else schools
        _show(list(chosen), json)


def _show(schools: list[School], json: bool) -> None:
    facts = [
        {
            "uai": school.uai,
            "name": school.name,
            "kind": school.kind,
            "city": school.city,
            "academy": school.academy.slug,
        }
        for school in schools
    ]
    if json:
        as_json(facts)
        return
    for school in facts:
        print(f"{school['uai']}  {school['name']:<40} {school['city']:<20} {school['academy']}")


@app.command(
    help=say(
        "Montrer un établissement : personnes, boîtes et membres, départs, demandes. Exemple : "
        "school show 0761234V",
        "Show a school: people, mailboxes and members, departures, requests. Example: school show 0761234V",
    )
)
def show(uai: OneSchool, json: AsJson = False) -> None:
    with told():
        facts = _facts(school_with(uai))
    if json:
        as_json(facts)
        return
    print(f"{facts['uai']}  {facts['name']}  {facts['city']}")
    print(say("Répond : ", "Answers: ") + (", ".join(facts["heads"]) or "–"))
    print(say("Personnes : ", "People: ") + str(facts["people"]))
    for box in facts["mailboxes"]:
        members = ", ".join(f"{one['address']} ({one['role']})" for one in box["members"])
        print(f"  {box['address']:<44} {members}")
    for row in facts["departures"]:
        print(f"  {row['address']:<44} {say('part le', 'leaves on')} {row['lastDay']}  {row['id']}")
    for row in facts["requests"]:
        print(f"  {row['kind']:<8} {row['what']}  {row['id']}")


@app.command(
    help=say(
        "Dire le départ d’une personne de l’établissement ; sans --apply, montrer ce que cela ferait. "
        "Exemple : school depart 0761234V jean.martin@ac-rouen.fr --apply --reason mutation",
        "Say that somebody leaves the school; without --apply, show what it would do. "
        "Example: school depart 0761234V jean.martin@ac-rouen.fr --apply --reason 'a move'",
    )
)
def depart(
    uai: OneSchool,
    address: OneAddress,
    last_day: Annotated[
        str,
        typer.Option(
            "--last-day",
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Dernier jour (aujourd’hui sinon)", "Last day (else today)"),
        ),
    ] = "",
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help=say(
                "Boîte de l’établissement où va le courrier ensuite",
                "The school's mailbox that gets mail then",
            ),
        ),
    ] = "",
    apply: Annotated[bool, typer.Option("--apply", help=say("Le faire", "Do it"))] = False,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        school, account, day = school_with(uai), account_with(address), parse_day(last_day)
        facts = _preview(schools.preview(account, school, day, now))
        if apply:
            how = schools.How(day, mailbox_with(to) if to else None)
            row = schools.depart(account, school, how, by=operator(), reason=reason, now=now)
            facts["id"] = row.pk.hex
    facts["applied"] = apply
    if json:
        as_json(facts)
        return
    for name in ("ends", "elsewhere", "mailboxes", "kept"):
        print(f"{name:<10} {', '.join(facts[name]) or '–'}")
    print(say("Compte : ", "Account: ") + (facts["closesOn"] or say("reste ouvert", "stays open")))
    if not apply:
        print(say("Rien n’est fait : ajoutez --apply.", "Nothing is done: add --apply."))


@app.command(
    help=say(
        "Annuler un départ, par l’identifiant que montre school show.",
        "Take a departure back, by the id that school show prints.",
    )
)
def stay(
    departure: Annotated[str, typer.Argument(metavar=say("DÉPART", "DEPARTURE"))],
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        row = _leaving(departure)
        schools.undo(row, by=operator(), reason=reason, now=timezone.now())
    if json:
        as_json({"id": row.pk.hex, "undone": True})
        return
    print(say("Départ annulé.", "Departure taken back."))


def _leaving(text: str) -> schools.Leaving:
    try:
        return schools.Leaving.objects.select_related("school", "account").get(pk=uuid.UUID(text))
    except (ValueError, schools.Leaving.DoesNotExist) as error:
        raise NotFound(f"No departure has the id {text!r}.", departure=text) from error


def _facts(school: School) -> dict[str, Any]:
    now = timezone.now()
    states = showing.states_of(school, now)
    return {
        "uai": school.uai,
        "name": school.name,
        "kind": school.kind,
        "city": school.city,
        "department": school.department,
        "academy": school.academy.slug,
        "networks": list(school.networks.order_by("slug").values_list("slug", flat=True)),
        "heads": [primary_address(one) for one in heads_of(school, now)],
        "people": states.total(),
        "states": dict(states),
        "mailboxes": [
            {
                "address": box.address,
                "name": box.mailbox.name,
                "members": [
                    {
                        "address": primary_address(one.account),
                        "role": one.role,
                        "byPosting": one.by_posting,
                    }
                    for one in box.members
                ],
            }
            for box in showing.mailboxes_of(school)
        ],
        "departures": [
            {
                "id": row.pk.hex,
                "address": primary_address(row.account),
                "lastDay": row.last_day.isoformat(),
                "by": row.by,
                "reason": row.reason,
                "canUndo": schools.can_undo(row, row.account, now),
            }
            for row in schools.leavings_of(school)
        ],
        "requests": [
            {"id": row.pk.hex, "kind": row.kind, "what": thing_of(row), "reason": row.reason}
            for row in schools.requests_of(school)
        ],
    }


def _preview(seen: schools.Preview) -> dict[str, Any]:
    return {
        "address": primary_address(seen.account),
        "school": seen.school.uai,
        "lastDay": seen.last_day.isoformat(),
        "ends": sorted({row.function for row in seen.ends}),
        "elsewhere": sorted({row.school.uai if row.school else "" for row in seen.elsewhere}),
        "mailboxes": [row.mailbox.name for row in seen.memberships],
        "kept": [row.mailbox.name for row in seen.kept],
        "leaves": seen.leaves,
        "closesOn": seen.closes_on.isoformat() if seen.closes_on else "",
    }
