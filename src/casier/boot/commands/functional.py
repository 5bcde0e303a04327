"""`./casier functional`: mailboxes of schools and services, and who may open them."""

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
from casier.directory.models import FunctionalMailbox, Role
from casier.schools import api as schools
from casier.schools.telling import thing_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les boîtes fonctionnelles : celle d’un établissement (ce.<UAI>@…) ou d’un service.",
        "Functional mailboxes: a school’s (ce.<UAI>@…) or a service’s.",
    ),
)
member = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Qui ouvre une boîte, et ce qu’il y peut.", "Who may open a mailbox, and do what there."),
)
app.add_typer(member, name="member")
OnePerson = Annotated[
    str,
    typer.Argument(
        metavar=say("PERSONNE", "PERSON"),
        help=say("Une adresse de son compte", "An address of their account"),
    ),
]
WhichRole = Annotated[
    Role,
    typer.Option(
        "--role",
        help=say(
            "read : lire ; answer : aussi répondre et classer ; manage : aussi nommer les membres",
            "read; answer: also write and file; manage: also name the members",
        ),
    ),
]

OneRequest = Annotated[
    str,
    typer.Argument(
        metavar=say("DEMANDE", "REQUEST"), help=say("Son identifiant", "Its id, as requests prints it")
    ),
]


@app.command(
    help=say(
        "Créer une boîte et afficher son adresse. Exemples : "
        "functional create --academy rouen --name 'Collège Monod' --school 0761234V ; "
        "functional create --academy rouen --name 'Assistance' --address assistance@ac-rouen.fr",
        "Create a mailbox and print its address. Examples: "
        "functional create --academy rouen --name 'Collège Monod' --school 0761234V; "
        "functional create --academy rouen --name 'Help desk' --address assistance@ac-rouen.fr",
    )
)
def create(
    academy: Annotated[str, typer.Option(help=say("Nom court de l’académie", "Short name of the academy"))],
    name: Annotated[str, typer.Option(help=say("Nom affiché", "Name as shown"))],
    school: Annotated[
        str,
        typer.Option(
            metavar="UAI",
            help=say("Son établissement : l’adresse en vient", "Its school: the address comes from it"),
        ),
    ] = "",
    address: Annotated[
        str,
        typer.Option(help=say("Son adresse, pour un service", "Its address, for a service")),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        new = actions.NewMailbox(name, school_with(school) if school else None, address)
        mailbox = actions.create_functional_mailbox(
            academy_named(academy), new, by=operator(), reason=reason, now=timezone.now()
        )
    if json:
        as_json(facts(mailbox))
    else:
        print(facts(mailbox)["address"])


@app.command("list", help=say("Lister les boîtes et leurs membres.", "List the mailboxes and their members."))
def list_mailboxes(
    academy: InAcademy = "",
    json: AsJson = False,
) -> None:
    mailboxes = FunctionalMailbox.objects.select_related("academy", "school").order_by("mailbox_key")
    with told():
        chosen = mailboxes.filter(academy=academy_named(academy)) if academy else mailboxes
        found = [facts(mailbox) for mailbox in chosen]
    if json:
        as_json(found)
        return
    for row in found:
        members = ", ".join(f"{one['address']} ({one['role']})" for one in row["members"])
        print(f"{row['address']:<44} {row['name']:<36} {members}")


@member.command(
    help=say(
        "Ouvrir la boîte à une personne, ou changer ce qu’elle y peut. "
        "Exemple : functional member add ce.0761234v@ac-rouen.fr jean.martin@ac-rouen.fr "
        "--role answer --reason 'Secrétariat'",
        "Let a person open the mailbox, or change what they may do there. "
        "Example: functional member add ce.0761234v@ac-rouen.fr jean.martin@ac-rouen.fr "
        "--role answer --reason 'Office'",
    )
)
def add(
    address: OneAddress, person: OnePerson, role: WhichRole, reason: Reason, json: AsJson = False
) -> None:
    with told():
        mailbox, account = mailbox_with(address), account_with(person)
        actions.set_member(mailbox, account, role, by=operator(), reason=reason, now=timezone.now())
    _told_members(mailbox, json)


@member.command(help=say("Fermer la boîte à une personne.", "Take the mailbox away from a person."))
def remove(address: OneAddress, person: OnePerson, reason: Reason, json: AsJson = False) -> None:
    with told():
        mailbox, account = mailbox_with(address), account_with(person)
        actions.remove_member(mailbox, account, by=operator(), reason=reason, now=timezone.now())
    _told_members(mailbox, json)


def _told_members(mailbox: FunctionalMailbox, json: bool) -> None:
    row = facts(mailbox)
    if json:
        as_json(row)
        return
    for one in row["members"]:
        print(f"{one['role']:<8} {one['address']}")
    if not row["members"]:
        print(say("Plus aucun membre.", "No member any more."))


@app.command(
    help=say(
        "Ouvrir une boîte pour un établissement par l’adresse que la politique forme, ou (--close) en fermer "
        "une : la demande est acceptée aussitôt. Exemple : "
        "functional request 0761234V --name 'Vie scolaire' --reason 'Les CPE'",
        "Open a mailbox for a school, its address made by the policy, or (--close) shut one: the request is "
        "approved at once. Example: "
        "functional request 0761234V --name 'Vie scolaire' --reason 'For the CPE'",
    )
)
def request(
    school: Annotated[str, typer.Argument(metavar="UAI")],
    name: Annotated[str, typer.Option("--name", help=say("Nom affiché", "Name as shown"))] = "",
    wanted: Annotated[
        str, typer.Option("--address", help=say("Début de l’adresse", "Beginning of the address"))
    ] = "",
    close: Annotated[
        str, typer.Option("--close", help=say("Adresse de la boîte à fermer", "Address of the one to shut"))
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        if close:
            row = schools.ask_close(mailbox_with(close), by=operator(), reason=reason, now=now)
        else:
            row = schools.ask_new(
                school_with(school), name, wanted or name, by=operator(), reason=reason, now=now
            )
    _told_request(row, json)


@app.command(help=say("Lister les demandes en attente.", "List the requests that wait."))
def requests(academy: InAcademy = "", json: AsJson = False) -> None:
    rows = schools.Request.objects.filter(state=schools.State.WAITING).order_by("asked_at")
    rows = rows.select_related("academy", "school", "mailbox", "about__person", "asked_by__person")
    with told():
        found = list(rows.filter(academy=academy_named(academy)) if academy else rows)
    if json:
        as_json([_request(row) for row in found])
        return
    for row in found:
        print(f"{row.pk.hex}  {row.kind:<7} {row.school.uai}  {thing_of(row)}  « {row.reason} »")


@app.command(
    help=say(
        "Accepter une demande (--address : sous une autre adresse que celle demandée).",
        "Approve a request (--address: with another address than the one asked for).",
    )
)
def approve(
    wanted: OneRequest,
    address: Annotated[
        str, typer.Option("--address", help=say("Adresse de la boîte ouverte", "Address of the new mailbox"))
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        said: dict[str, Any] = {"by": operator(), "answer": reason, "now": timezone.now()}
        row = schools.approve(_asked(wanted), address=address, **said)
    _told_request(row, json)


@app.command(help=say("Refuser une demande, en disant pourquoi.", "Refuse a request, and say why."))
def refuse(wanted: OneRequest, reason: Reason, json: AsJson = False) -> None:
    with told():
        row = schools.refuse(_asked(wanted), by=operator(), reason=reason, now=timezone.now())
    _told_request(row, json)


def _asked(text: str) -> schools.Request:
    try:
        return schools.Request.objects.get(pk=uuid.UUID(text))
    except (ValueError, schools.Request.DoesNotExist) as error:
        raise NotFound(f"No request has the id {text!r}.", request=text) from error


def _told_request(row: schools.Request, json: bool) -> None:
    if json:
        as_json(_request(row))
        return
    given = facts(row.mailbox)["address"] if row.mailbox and row.kind == schools.Kind.NEW else row.address
    print(f"{row.pk.hex}  {row.state}  {given or thing_of(row)}")


def _request(row: schools.Request) -> dict[str, Any]:
    return {
        "id": row.pk.hex,
        "kind": row.kind,
        "state": row.state,
        "school": row.school.uai,
        "name": row.name,
        "address": row.address,
        "mailbox": row.mailbox.mailbox_key if row.mailbox else "",
        "about": primary_address(row.about) if row.about else "",
        "role": row.role,
        "by": row.by,
        "askedAt": row.asked_at.isoformat(timespec="seconds"),
        "reason": row.reason,
        "answer": row.answer,
    }


def facts(mailbox: FunctionalMailbox) -> dict[str, Any]:
    """A functional mailbox as programs read it."""
    live = mailbox.addresses.filter(retired_at=None).order_by("-is_primary", "address")
    addresses = list(live.values_list("address", flat=True))
    members = mailbox.memberships.select_related("account__person").order_by("account__mailbox_key")
    return {
        "address": addresses[0] if addresses else mailbox.mailbox_key,
        "id": mailbox.pk.hex,
        "name": mailbox.name,
        "academy": mailbox.academy.slug,
        "school": mailbox.school.uai if mailbox.school else "",
        "aliases": addresses[1:],
        "mailboxKey": mailbox.mailbox_key,
        "members": [{"address": primary_address(one.account), "role": one.role} for one in members],
        "closed": mailbox.is_closed,
        "provisioned": mailbox.provisioned_at is not None,
    }
