"""`./casier service`: services of an academy that may notify its people."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named
from casier.mailbox.notifications import services
from casier.mailbox.notifications.actions import PLATFORM
from casier.mailbox.notifications.models import Service

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les services de l’académie qui notifient les personnes (POST /api/services/notifications).",
        "Services of the academy that notify people (POST /api/services/notifications).",
    ),
)


@app.command(
    help=say(
        "Créer un service et afficher son jeton, une seule fois. "
        "Exemple : service create 'Pronote' --academy rouen --host pronote.ac-rouen.fr",
        "Create a service and print its token, once. "
        "Example: service create 'Pronote' --academy rouen --host pronote.ac-rouen.fr",
    )
)
def create(
    name: Annotated[
        str,
        typer.Argument(
            metavar=say("NOM", "NAME"), help=say("Tel que les personnes le lisent", "As people read it")
        ),
    ],
    academy: Annotated[str, typer.Option(help=say("Nom court de l’académie", "Short name of the academy"))],
    host: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("HÔTE", "HOST"),
            help=say("Hôte vers lequel ses liens peuvent mener", "Host that its links may lead to"),
        ),
    ] = None,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        made = services.create_service(
            academy_named(academy), name, host or [], by=operator(), reason=reason, now=timezone.now()
        )
    if json:
        as_json({**_facts(made.row), "token": made.token.reveal()})
    else:
        print(made.token.reveal())


@app.command("list", help=say("Lister les services.", "List the services."))
def list_services(academy: InAcademy = "", json: AsJson = False) -> None:
    others = Service.objects.exclude(token_digest__startswith=PLATFORM)
    rows = others.select_related("academy").order_by("academy__slug", "name")
    with told():
        if academy:
            rows = rows.filter(academy=academy_named(academy))
    if json:
        as_json([_facts(row) for row in rows])
        return
    for row in rows:
        state = say("révoqué", "revoked") if row.revoked_at else ""
        print(f"{row.id.hex}  {row.academy.slug:<14} {row.name:<30} {' '.join(row.hosts)} {state}".rstrip())


@app.command(help=say("Révoquer : son jeton n’ouvre plus rien.", "Revoke: its token opens nothing any more."))
def revoke(
    service: Annotated[str, typer.Argument(metavar="ID", help=say("Voir service list", "See service list"))],
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        row = services.revoke_service(service, by=operator(), reason=reason, now=timezone.now())
    if json:
        as_json(_facts(row))
    else:
        print(say("Révoqué.", "Revoked."))


def _facts(row: Service) -> dict[str, Any]:
    return {
        "id": row.id.hex,
        "academy": row.academy.slug,
        "name": row.name,
        "hosts": row.hosts,
        "created": row.created_at.isoformat(),
        "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
    }
