"""`./casier academy`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands import document
from casier.boot.commands.speaking import AsJson, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import academy_named
from casier.directory.models import Academy
from casier.policies.api import SHIPPED, Policy, adopt, parse_toml, shipped

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Les académies : domaines, hôtes, politique.", "Academies: domains, hosts, policy."),
)
app.add_typer(document.app, name="document")
_SETS = ", ".join(SHIPPED)
PolicySet = Annotated[
    str, typer.Option("--policy", help=say(f"Politique livrée : {_SETS}", f"Shipped policy: {_SETS}"))
]
PolicyFile = Annotated[
    typer.FileBinaryRead | None,
    typer.Option("--policy-file", help=say("Politique à soi, en TOML", "A policy of its own, as TOML")),
]
Slug = Annotated[
    str,
    typer.Argument(metavar=say("NOM_COURT", "SHORT_NAME"), help=say("Comme dans « rouen »", "As in ‘rouen’")),
]


@app.command(
    help=say(
        "Créer une académie. Exemple : academy create rouen --name 'Académie de Rouen' "
        "--domain ac-rouen.fr --host rouen.localhost --policy rouen",
        "Create an academy. Example: academy create rouen --name 'Académie de Rouen' "
        "--domain ac-rouen.fr --host rouen.localhost --policy rouen",
    )
)
def create(
    slug: Slug,
    name: Annotated[str, typer.Option(help=say("Nom affiché", "Name as shown"))],
    domain: Annotated[
        list[str],
        typer.Option(help=say("Domaine ; le premier est le principal", "Domain; the first is primary")),
    ],
    host: Annotated[
        list[str],
        typer.Option(
            help=say("Hôte du portail ; le premier est le principal", "Portal host; the first is primary")
        ),
    ],
    accent: Annotated[
        str, typer.Option(help=say("Couleur, lisible sur blanc", "Colour, readable on white"))
    ] = "#1a5fb4",
    policy: PolicySet = "",
    policy_file: PolicyFile = None,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        rules = parse_toml(policy_file.read()) if policy_file else shipped(policy) if policy else Policy()
        new = actions.NewAcademy(slug, name, accent, tuple(domain), tuple(host), rules)
        academy = actions.create_academy(new, by=operator(), reason=reason, now=timezone.now())
    _show([academy], json)


@app.command("list", help=say("Lister les académies.", "List the academies."))
def list_academies(json: AsJson = False) -> None:
    _show(list(Academy.objects.prefetch_related("domains", "hosts").order_by("slug")), json)


@app.command(
    "add-domain",
    help=say(
        "Ajouter un domaine ; chacun y reçoit son alias.", "Add a mail domain; everyone gets the alias."
    ),
)
def add_domain(
    slug: Slug,
    domain: Annotated[
        str,
        typer.Argument(metavar=say("DOMAINE", "DOMAIN"), help=say("Comme ac-rouen.fr", "Like ac-rouen.fr")),
    ],
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        academy = academy_named(slug)
        actions.add_domain(academy, domain, by=operator(), reason=reason, now=timezone.now())
    _show([academy], json)


@app.command(
    help=say("Mettre en vigueur une des politiques livrées.", "Put one of the shipped policies in force.")
)
def policy(
    slug: Slug,
    name: Annotated[str, typer.Argument(metavar=say("POLITIQUE", "POLICY"), help=_SETS)],
    reason: Reason,
) -> None:
    with told():
        revision = adopt(academy_named(slug), shipped(name), by=operator(), reason=reason, now=timezone.now())
    print(say(f"Politique {revision.number} en vigueur.", f"Policy {revision.number} in force."))


def _show(academies: list[Academy], json: bool) -> None:
    if json:
        as_json([_facts(academy) for academy in academies])
        return
    for academy in academies:
        facts = _facts(academy)
        print(f"{facts['slug']:<16} {facts['name']:<36} {' '.join(facts['domains'])}")


def _facts(academy: Academy) -> dict[str, Any]:
    return {
        "slug": academy.slug,
        "name": academy.name,
        "accent": academy.accent,
        "domains": [domain.name for domain in academy.domains.order_by("-is_primary", "name")],
        "hosts": [host.host for host in academy.hosts.order_by("-is_primary", "host")],
    }
