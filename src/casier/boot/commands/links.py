"""`./casier links`: files sent by link, whoever's they are, and taking one back."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import account_with, primary_address
from casier.mailbox.links.actions import link_by_id, revoke_by
from casier.mailbox.links.errors import NoSuchLink
from casier.mailbox.links.models import Link
from casier.mailbox.links.opening import standing_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les fichiers envoyés par lien sécurisé : les lister, en retirer un.",
        "Files sent by secured link: listing them, taking one back.",
    ),
)
Which = Annotated[
    str, typer.Argument(metavar="ID", help=say("Celui que donne « list »", "As “list” gives it"))
]


@app.command(
    "list",
    help=say(
        "Lister les fichiers dont les octets sont là, le plus récent en bas. "
        "Exemple : links list --account jean.martin@ac-rouen.fr",
        "List the files whose bytes are there, the latest at the bottom. "
        "Example: links list --account jean.martin@ac-rouen.fr",
    ),
)
def list_links(
    account: Annotated[
        str,
        typer.Option(metavar=say("ADRESSE", "ADDRESS"), help=say("Seulement ce compte", "Only this account")),
    ] = "",
    json: AsJson = False,
) -> None:
    found = Link.objects.filter(emptied_at=None).select_related("account__person").order_by("created_at")
    with told():
        chosen = found.filter(account=account_with(account)) if account else found
    rows = [_facts(link) for link in chosen]
    if json:
        as_json(rows)
        return
    for row in rows:
        print(f"{row['id']}  {row['created'][:16]}  {row['standing']:<9} {row['account']:<40} {row['name']}")


@app.command(
    help=say(
        "Retirer un fichier : plus personne ne le télécharge, ses octets sont supprimés. "
        "Exemple : links revoke ID --reason 'Envoyé par erreur'",
        "Take a file back: nobody downloads it any more, its bytes are deleted. "
        "Example: links revoke ID --reason 'Sent by mistake'",
    )
)
def revoke(link_id: Which, reason: Reason, json: AsJson = False) -> None:
    with told():
        link = link_by_id(link_id)
        if link is None:
            raise NoSuchLink(f"No link has the id {link_id!r}.", link=link_id)
        revoke_by(link, by=operator(), reason=reason, now=timezone.now())
    if json:
        as_json(_facts(link))
    else:
        print(f"{link.id}  {link.name}")


def _facts(link: Link) -> dict[str, Any]:
    return {
        "id": str(link.id),
        "account": primary_address(link.account),
        "name": link.name,
        "octets": link.size,
        "standing": standing_of(link, timezone.now()).value,
        "recipients": sorted(link.recipients.values_list("address", flat=True)),
        "downloads": link.downloads,
        "created": link.created_at.isoformat(timespec="seconds"),
        "expires": link.expires_at.isoformat(timespec="seconds"),
    }
