"""`./casier school`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import academy_named
from casier.directory.models import School

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help=say("Les établissements.", "Schools and services.")
)


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
