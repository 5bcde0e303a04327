"""`./casier writing`: the academy's signature, and the templates that it gives to its people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from django.utils import timezone
from msgspec.structs import replace

from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named, account_with
from casier.mailbox.writing import signature as signatures
from casier.mailbox.writing import templates
from casier.mailbox.writing.filling import Fields
from casier.mailbox.writing.models import Template
from casier.policies.api import adopt, policy_for

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Rédaction : la signature de l’académie et les modèles de messages partagés. "
        "Que la signature soit proposée ou imposée se règle dans la politique ([writing] signature).",
        "Writing: the academy's signature and shared templates of messages. "
        "Whether the signature is offered or imposed is set in the policy ([writing] signature).",
    ),
)
OfAcademy = Annotated[
    str,
    typer.Argument(
        metavar=say("ACADÉMIE", "ACADEMY"), help=say("Son nom court : rouen", "Its short name: rouen")
    ),
]
HtmlFile = Annotated[
    Path,
    typer.Option(
        "--html", metavar=say("FICHIER", "FILE"), help=say("Le texte mis en forme", "The formatted text")
    ),
]
FIELDS = ", ".join("{{" + name + "}}" for name in Fields.__dataclass_fields__)


@app.command(
    "signature",
    help=say(
        "Montrer la signature de l’académie, ou telle qu’elle est pour une adresse. "
        "Exemple : writing signature rouen --as karim.haddad@ac-rouen.fr",
        "Show the academy's signature, or what it is for an address. "
        "Example: writing signature rouen --as karim.haddad@ac-rouen.fr",
    ),
)
def show_signature(
    academy: OfAcademy,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar=say("ADRESSE", "ADDRESS"),
            help=say("Remplie pour ce compte", "Filled for this account"),
        ),
    ] = "",
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar=say("ADRESSE", "ADDRESS"),
            help=say(
                "… qui écrit depuis cette autre adresse : alias, boîte fonctionnelle",
                "… writing from this other address: alias, functional mailbox",
            ),
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    with told():
        owner = academy_named(academy)
        template, mode = signatures.template_of(owner), policy_for(owner).writing.signature
        html, text = template.html.strip(), template.text.strip()
        if as_:
            filled = signatures.preview(owner, account_with(as_), from_ or as_)
            html, text = filled.html, filled.text
    if json:
        as_json({"academy": academy, "mode": mode, "html": html, "text": text, "charter": template.charter})
        return
    print(say(f"Signature ({mode})", f"Signature ({mode})"), "", text, "", html, sep="\n")


@app.command(
    "set-signature",
    help=say(
        f"Changer la signature de l’académie. Champs : {FIELDS}. Une ligne dont rien n’est connu est omise. "
        "Exemple : writing set-signature rouen --html s.html --text s.txt --charter https://… --reason …",
        f"Change the academy's signature. Fields: {FIELDS}. A line of which nothing is known is left out. "
        "Example: writing set-signature rouen --html s.html --text s.txt --charter https://… --reason …",
    ),
)
def set_signature(
    academy: OfAcademy,
    html: HtmlFile,
    text: Annotated[
        Path,
        typer.Option(
            metavar=say("FICHIER", "FILE"), help=say("Le même en texte brut", "The same as plain text")
        ),
    ],
    charter: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help=say(
                "Lien de la charte (https) ; sans cette option il ne change pas",
                "Link of the charter (https); without this option it stays as it is",
            ),
        ),
    ] = None,
    reason: Reason = "",
) -> None:
    with told():
        wanted = signatures.Wanted(_read(html), _read(text), charter)
        signatures.save_template(academy_named(academy), wanted, operator(), reason)
    print(say("Signature enregistrée.", "Signature saved."))


@app.command(
    "rule",
    help=say(
        "Régler si la signature est absente (off), proposée (offered) ou imposée (imposed), et quand on "
        "demande avant d’écrire hors de l’académie (show : jamais, first : la première fois, always). "
        "Exemple : writing rule rouen --signature imposed --reason …",
        "Set whether the signature is absent (off), offered or imposed, and when one is asked before "
        "writing outside the academy (show: never, first: the first time, always). "
        "Example: writing rule rouen --signature imposed --reason …",
    ),
)
def set_rule(
    academy: OfAcademy,
    signature: Annotated[signatures.Mode | None, typer.Option(help="off, offered, imposed")] = None,
    outside: Annotated[
        Literal["show", "first", "always"] | None, typer.Option(help="show, first, always")
    ] = None,
    reason: Reason = "",
) -> None:
    with told():
        owner = academy_named(academy)
        policy = policy_for(owner)
        before = policy.writing
        writing = replace(before, signature=signature or before.signature, outside=outside or before.outside)
        if writing != before:
            adopt(owner, replace(policy, writing=writing), by=operator(), reason=reason, now=timezone.now())
    print(f"signature: {writing.signature}  outside: {writing.outside}")


@app.command(
    "reset-signature",
    help=say(
        "Revenir à la signature livrée. Exemple : writing reset-signature rouen --reason …",
        "Go back to the shipped signature. Example: writing reset-signature rouen --reason …",
    ),
)
def reset_signature(academy: OfAcademy, reason: Reason = "") -> None:
    with told():
        signatures.restore_shipped(academy_named(academy), operator(), reason)
    print(say("La signature livrée est rétablie.", "The shipped signature is back."))


@app.command(
    "templates",
    help=say(
        "Lister les modèles partagés. Exemple : writing templates rouen",
        "List the shared templates. Example: writing templates rouen",
    ),
)
def list_templates(academy: OfAcademy, json: AsJson = False) -> None:
    with told():
        rows = list(Template.objects.filter(academy=academy_named(academy)).order_by("name"))
    if json:
        as_json([{"name": row.name, "subject": row.subject, "html": row.html} for row in rows])
        return
    for row in rows:
        print(f"{row.name}  –  {row.subject}")


@app.command(
    "set-template",
    help=say(
        "Donner un modèle à toute l’académie ; un modèle du même nom est remplacé. "
        "Exemple : writing set-template rouen « Convocation » --html c.html --subject Convocation",
        "Give a template to the whole academy; one of the same name is replaced. "
        "Example: writing set-template rouen Summons --html c.html --subject Summons",
    ),
)
def set_template(
    academy: OfAcademy,
    name: Annotated[str, typer.Argument(metavar=say("NOM", "NAME"))],
    html: HtmlFile,
    subject: Annotated[str, typer.Option(help=say("Objet du message", "Subject of the message"))] = "",
    reason: Reason = "",
) -> None:
    with told():
        written = templates.Written(name, subject, _read(html))
        templates.save_shared(academy_named(academy), written, operator(), reason)
    print(say("Modèle enregistré.", "Template saved."))


@app.command("delete-template", help=say("Supprimer un modèle partagé.", "Delete a shared template."))
def delete_template(
    academy: OfAcademy,
    name: Annotated[str, typer.Argument(metavar=say("NOM", "NAME"))],
    reason: Reason = "",
) -> None:
    with told():
        templates.delete_shared(academy_named(academy), name, operator(), reason)
    print(say("Modèle supprimé.", "Template deleted."))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(say(f"{path} : pas en UTF-8", f"{path}: not UTF-8")) from error
