"""`./casier academy document`: the charter of use and the privacy notice, in versions."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named
from casier.identity.activation.documents import in_force, publish
from casier.identity.activation.models import Acceptance, DocumentKind

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "La charte et la notice de confidentialité, par versions.",
        "The charter and the privacy notice, in versions.",
    ),
)
Slug = Annotated[
    str,
    typer.Argument(metavar=say("NOM_COURT", "SHORT_NAME"), help=say("Comme dans « rouen »", "As in ‘rouen’")),
]


@app.command(
    "publish",
    help=say(
        "Publier une version, écrite en Markdown avec son titre (« # Titre ») en première ligne. Chacun "
        "l’accepte à sa prochaine connexion, sauf avec --no-reaccept. "
        "Exemple : academy document publish rouen charte --fr charte.md --reason 'CSA du 12 mai'",
        "Publish a version, written in Markdown with its title (‘# Title’) on the first line. Everyone "
        "accepts it at the next sign-in, but with --no-reaccept. "
        "Example: academy document publish rouen charte --fr charter.md --reason 'Board of 12 May'",
    ),
)
def publish_document(
    slug: Slug,
    kind: Annotated[DocumentKind, typer.Argument(help="charte, confidentialite")],
    french: Annotated[
        typer.FileText,
        typer.Option(
            "--fr", encoding="utf-8", metavar="FICHIER.md", help=say("Le texte français", "The French text")
        ),
    ],
    reason: Reason,
    english: Annotated[
        typer.FileText | None,
        typer.Option(
            "--en", encoding="utf-8", metavar="FILE.md", help=say("Le texte anglais", "The English text")
        ),
    ] = None,
    reaccept: Annotated[
        bool,
        typer.Option(
            "--reaccept/--no-reaccept",
            help=say("La faire accepter de nouveau à chacun", "Have everyone accept it again"),
        ),
    ] = True,
    json: AsJson = False,
) -> None:
    texts = {"fr": french.read()} | ({"en": english.read()} if english else {})
    with told():
        row = publish(
            academy_named(slug), kind, texts, by=operator(), reason=reason, now=timezone.now(),
            reaccept=reaccept,
        )  # fmt: skip
    if json:
        as_json({"academy": slug, "kind": kind.value, "version": row.version, "reaccept": row.reaccept})
    else:
        print(say(f"Version {row.version} en vigueur.", f"Version {row.version} in force."))


@app.command(
    "list",
    help=say(
        "Ce qui est en vigueur, et combien l’ont accepté.", "What is in force, and how many accepted it."
    ),
)
def list_documents(slug: Slug, json: AsJson = False) -> None:
    with told():
        academy = academy_named(slug)
    rows = [
        {
            "kind": kind.value,
            "title": document.title("fr"),
            "version": document.version,
            "askedFrom": document.asked_from,
            "since": document.since.isoformat() if document.since else "",
            "languages": sorted(document.texts),
            "accepted": Acceptance.objects.filter(
                account__academy=academy, kind=kind, version__gte=document.asked_from
            ).count(),
        }
        for kind, document in in_force(academy).items()
    ]
    if json:
        as_json(rows)
        return
    for row in rows:
        print(f"{row['kind']:<16} {row['version']:>3}  {row['accepted']:>6}  {row['title']}")
