"""`./casier contributor`: outside contributors, asked for, agreed to, renewed, ended."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, Reason, as_json, operator, told
from casier.boot.words import say
from casier.contributors import api
from casier.contributors.nightly import run_due
from casier.directory.access import academy_named, account_with, primary_address, school_with
from casier.directory.importing import parse_day
from casier.directory.models import School
from casier.life.clocks import day_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Intervenants extérieurs : demander, accepter, refuser, prolonger, terminer.",
        "Outside contributors: ask, approve, refuse, renew, end.",
    ),
)
_DAY = say("JJ/MM/AAAA", "DD/MM/YYYY")
Number = Annotated[
    str,
    typer.Argument(
        metavar=say("NUMÉRO", "NUMBER"),
        help=say("Tel que `list` le donne", "As `list` tells it"),
    ),
]
Until = Annotated[
    str, typer.Option("--until", metavar=_DAY, help=say("Dernier jour, compris", "The last day, included"))
]


@app.command(help=say("Demander un intervenant, pour la direction d’un établissement.", "Ask for one."))
def ask(
    school: Annotated[
        str, typer.Option("--school", metavar="UAI", help=say("L’établissement", "The school"))
    ],
    sponsor: Annotated[
        str,
        typer.Option(
            "--sponsor",
            metavar=say("ADRESSE", "ADDRESS"),
            help=say(
                "Qui dirige l’établissement et en répond", "The head of the school, who answers for them"
            ),
        ),
    ],
    given_name: Annotated[str, typer.Option("--given-name", help=say("Prénom", "Given name"))],
    family_name: Annotated[str, typer.Option("--family-name", help=say("Nom", "Family name"))],
    role: Annotated[
        str, typer.Option("--role", help=say("Ce que la personne vient faire", "What they come to do"))
    ],
    until: Until,
    starts: Annotated[
        str,
        typer.Option(
            "--from", metavar=_DAY, help=say("Premier jour (aujourd’hui sinon)", "First day (else today)")
        ),
    ] = "",
    birth_date: Annotated[
        str, typer.Option("--birth-date", metavar=_DAY, help=say("Date de naissance", "Birth date"))
    ] = "",
    title: Annotated[str, typer.Option("--title", help=say("Civilité", "Title"))] = "",
    mail: Annotated[
        str,
        typer.Option("--mail", help=say("Adresse personnelle, pour le premier accès", "Personal address")),
    ] = "",
    telephone: Annotated[
        str,
        typer.Option("--telephone", help=say("Mobile personnel, pour le premier accès", "Personal mobile")),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        now = timezone.now()
        wanted = api.Wanted(
            given_name, family_name, role, parse_day(starts) or day_of(now), _needed(until), reason, title,
            parse_day(birth_date), mail, telephone,
        )  # fmt: skip
        row = api.ask(school_with(school), wanted, asker=account_with(sponsor), by=operator(), now=now)
        _tell(_request(row), json)


@app.command(
    "list",
    help=say(
        "Demandes en attente et intervenants (--over : aussi ceux qui ont terminé).",
        "Requests that wait, and contributors (--over: those whose time is over, too).",
    ),
)
def list_all(
    academy: InAcademy = "",
    school: Annotated[
        str, typer.Option("--school", metavar="UAI", help=say("Seulement cet établissement", "This school"))
    ] = "",
    over: Annotated[bool, typer.Option("--over", help=say("Aussi les terminés", "Those over, too"))] = False,
    json: AsJson = False,
) -> None:
    with told():
        schools = School.objects.all()
        if academy:
            schools = schools.filter(academy=academy_named(academy))
        if school:
            schools = schools.filter(pk=school_with(school).pk)
        today = day_of(timezone.now())
        rows = [_request(row) for row in api.waiting(schools)]
        stays = [_stay(row, today) for row in api.stays_at(schools)]
        rows += [row for row in stays if over or row["phase"] != api.Phase.OVER.value]
        if json:
            as_json(rows)
            return
        for row in rows:
            print(f"{row['number']}  {row['phase']:<8} {row['until']}  {row['school']}  {row['name']}")


@app.command(help=say("Montrer une demande ou un intervenant.", "Show a request or a contributor."))
def show(number: Number, json: AsJson = False) -> None:
    with told():
        now = timezone.now()
        found = _either(number)
        if isinstance(found, api.Stay):
            _tell(_stay(found, day_of(now)), json)
            return
        same = [_namesake(one) for one in api.namesakes(found, now)] if found.state == "waiting" else []
        _tell(_request(found) | {"namesakes": same}, json)


@app.command(
    help=say(
        "Accepter une demande (--until : plus tôt que demandé ; --person : c’est cette personne).",
        "Approve a request (--until: sooner than asked; --person: it is this person).",
    )
)
def approve(
    number: Number,
    until: Until = "",
    person: Annotated[
        str,
        typer.Option(
            "--person",
            metavar=say("ADRESSE", "ADDRESS"),
            help=say("Quelqu’un que l’annuaire connaît déjà", "Somebody whom the directory has already"),
        ),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        now = timezone.now()
        who = account_with(person).person if person else None
        agreed = api.Agreed(parse_day(until), who, reason)
        stay = api.approve(api.request_with(number), agreed, by=operator(), now=now)
        _tell(_stay(stay, day_of(now)), json)


@app.command(help=say("Refuser une demande ; le motif est écrit à qui a demandé.", "Refuse a request."))
def refuse(number: Number, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        row = api.refuse(api.request_with(number), reason, by=operator(), now=timezone.now())
        _tell(_request(row), json)


@app.command(help=say("Prolonger, même une fois la période finie.", "Renew, also once it is over."))
def renew(number: Number, until: Until, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        now, stay = timezone.now(), api.stay_with(number)
        api.renew(stay, _needed(until), by=operator(), reason=reason, now=now)
        _tell(_stay(api.stay_with(number), day_of(now)), json)


@app.command(help=say("Mettre fin dès aujourd’hui.", "End it today."))
def end(number: Number, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        now, stay = timezone.now(), api.stay_with(number)
        api.end(stay, by=operator(), reason=reason, now=now)
        _tell(_stay(api.stay_with(number), day_of(now)), json)


@app.command(
    "run-due", help=say("Faire ce que le calendrier veut, sans attendre.", "Do at once what is due by now.")
)
def run_what_is_due(json: AsJson = False) -> None:
    with told():
        _tell({"done": run_due(timezone.now())}, json)


def _either(number: str) -> api.Request | api.Stay:
    found = api.stay_if(number)
    return found or api.request_with(number)


def _needed(text: str) -> date:
    found = parse_day(text)
    if found is None:
        raise api.BadRequest("Say until when.", field="ends_on", why="missing")
    return found


def _request(row: api.Request) -> dict[str, Any]:
    return {
        "number": row.id.hex,
        "kind": "renewal" if row.renewal else "request",
        "phase": row.state,
        "name": row.full_name,
        "school": row.school.uai,
        "role": row.role,
        "from": row.starts_on.isoformat(),
        "until": row.ends_on.isoformat(),
        "askedBy": primary_address(row.asked_by),
        "reason": row.reason,
        "answer": row.answer,
    }


def _stay(row: api.Stay, today: date) -> dict[str, Any]:
    starts_on, ends_on = row.posting.starts_on, row.posting.ends_on
    return {
        "number": row.id.hex,
        "kind": "contributor",
        "phase": api.phase_of(row, today).value,
        "name": row.account.person.full_name,
        "address": primary_address(row.account),
        "state": row.account.state,
        "school": row.school.uai,
        "role": row.posting.label,
        "from": starts_on.isoformat() if starts_on else "",
        "until": ends_on.isoformat() if ends_on else "",
        "sponsor": primary_address(row.sponsor) if row.sponsor else "",
        "renewals": row.renewals,
    }


def _namesake(one: api.Namesake) -> dict[str, Any]:
    return {
        "name": one.person.full_name,
        "address": one.address,
        "state": one.account.state if one.account else "",
        "sameBirthDate": one.same_birth,
        "places": list(one.places),
        "academy": one.academy or one.person.academy.name,
    }


def _tell(facts: dict[str, Any], json: bool) -> None:
    if json:
        as_json(facts)
        return
    for name, value in facts.items():
        shown = "; ".join(map(str, value)) if isinstance(value, list) else value
        print(f"{name:<10} {shown}")
