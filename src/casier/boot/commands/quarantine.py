"""`./casier quarantine`: what the antivirus took out of mailboxes, and giving it back."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import owner_with
from casier.mailbox.arrivals import releasing
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.arrivals.words import KEPT_DAYS
from casier.mailbox.importing.names import decode

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "La quarantaine : ce qu’un programme de courrier a déposé (IMAP) et que l’antivirus a retiré. "
        f"Gardé {KEPT_DAYS} jours.",
        "The quarantine: what a mail program put into a mailbox (IMAP) and the antivirus took out. "
        f"Kept for {KEPT_DAYS} days.",
    ),
)
Which = Annotated[
    str,
    typer.Argument(
        metavar=say("RÉFÉRENCE", "REFERENCE"),
        help=say("Celle que dit la note laissée à la place, R-…", "As told by the note left instead, R-…"),
    ),
]


@app.command(
    "list",
    help=say(
        "Lister ce qui est gardé, le plus récent en bas. "
        "Exemple : quarantine list --mailbox jean.martin@ac-rouen.fr",
        "List what is kept, the latest at the bottom. "
        "Example: quarantine list --mailbox jean.martin@ac-rouen.fr",
    ),
)
def list_messages(
    mailbox: Annotated[
        str,
        typer.Option(
            metavar=say("ADRESSE", "ADDRESS"), help=say("Seulement cette boîte", "Only this mailbox")
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    found = Quarantined.objects.order_by("taken_at")
    with told():
        chosen = found.filter(owner=owner_with(mailbox).mailbox_key) if mailbox else found
    rows = [_facts(one) for one in chosen]
    if json:
        as_json(rows)
        return
    for row in rows:
        given_back = say("  rendu", "  given back") if row["released"] else ""
        print(
            f"{row['reference']}  {row['taken'][:16]}  {row['mailbox']:<40} {row['folder']:<20} "
            f"{row['detail']}{given_back}"
        )


@app.command(
    help=say(
        "Rendre un message retiré à tort : il revient dans sa boîte et n’est plus analysé. "
        "Exemple : quarantine release R-7K2M-9QXD --reason 'Dossier chiffré attendu'",
        "Give back a message that was wrongly taken out: it returns to its mailbox and isn’t scanned again. "
        "Example: quarantine release R-7K2M-9QXD --reason 'An encrypted file that was expected'",
    )
)
def release(reference: Which, reason: Reason, json: AsJson = False) -> None:
    with told():
        released = releasing.release(
            settings.CASIER_INSTANCE, reference, by=operator(), reason=reason, now=timezone.now()
        )
    if json:
        as_json(_facts(released))
    else:
        print(f"{released.reference}  {released.owner}  {decode(released.folder)}")


def _facts(one: Quarantined) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "mailbox": one.owner,
        "folder": decode(one.folder),
        "finding": one.finding,
        "detail": one.detail,
        "octets": one.octets,
        "taken": one.taken_at.isoformat(timespec="seconds"),
        "released": one.released_at.isoformat(timespec="seconds") if one.released_at else "",
    }
