"""The command line: what runs the platform is here, what works on its content is loaded when asked for."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casier.boot import content
from casier.boot.progress import Progress
from casier.boot.words import say
from casier.kernel.instance import DEFAULT_ROOT, INSTANCE_ENV, Instance, InstanceError

CHECKOUT = Path(__file__).resolve().parents[3]
# \b keeps the line ends of what follows (Click's own mark).
_ABOUT = say(
    """Casier : la messagerie d’une académie, sur une machine.

\b
Pour commencer :
  ./casier start                      tout installer, démarrer, charger la démonstration
  ./casier demo accounts              avec quel nom et quel mot de passe entrer
  ./casier status                     ce qui tourne, et si un message passe
  ./casier account create --help      chaque commande explique ses options
\b
--instance DOSSIER se place où l’on veut ; sans lui, la variable CASIER_INSTANCE, sinon /var/lib/casier.
Codes de retour : 0 fait, 1 refusé, 2 mal demandé, 75 à refaire plus tard.
Anglais : LANG=en_GB.UTF-8 ./casier …""",
    """Casier: the mail platform of an education authority, on one machine.

\b
To begin:
  ./casier start                      install, start, load the demonstration
  ./casier demo accounts              which name and password to sign in with
  ./casier status                     what runs, and whether a message gets through
  ./casier account create --help      every command explains its options
\b
--instance DIR may stand anywhere; without it, the variable CASIER_INSTANCE, else /var/lib/casier.
Exit codes: 0 done, 1 refused, 2 asked wrongly, 75 try again later.""",
)

app = typer.Typer(
    name="casier", no_args_is_help=True, add_completion=False, rich_markup_mode=None, help=_ABOUT
)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--instance",
        metavar=say("DOSSIER", "DIR"),
        show_default=False,
        help=say(
            "Dossier de l’instance ; par défaut CASIER_INSTANCE, sinon /var/lib/casier",
            "Folder of the instance; CASIER_INSTANCE by default, else /var/lib/casier",
        ),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))]


class Extra(StrEnum):
    """Parts that are installed only where they are asked for."""

    OFFICE = "office"


_START = say(
    """Tout démarrer : installer ce qui manque, créer ou réparer l’instance, lancer chaque partie, envoyer un
message de bout en bout. La commande rend la main à Ctrl-C, après avoir tout arrêté.

\b
Exemples :
  ./casier start
  ./casier start --instance /srv/essai --port-offset 4000 --no-demo --detach
  ./casier start --with office
\b
Les options données sont retenues dans instance.toml pour les démarrages suivants, sauf --detach et --no-demo.
Ports : web 8443, IMAPS 8993, SMTPS 8465, soumission 8587, SMTP 8025, auxquels s’ajoute --port-offset.""",
    """Start everything: install what is missing, make or mend the instance, run each part, send a message
from end to end. The command ends with Ctrl-C, when all has been stopped.

\b
Examples:
  ./casier start
  ./casier start --instance /srv/trial --port-offset 4000 --no-demo --detach
  ./casier start --with office
\b
Options that are given are remembered in instance.toml for later starts, but for --detach and --no-demo.
Ports: web 8443, IMAPS 8993, SMTPS 8465, submission 8587, SMTP 8025; --port-offset is added to them.""",
)


def _root(folder: Path | None) -> Path:
    return (folder or Path(os.environ.get(INSTANCE_ENV, DEFAULT_ROOT))).absolute()


@app.command(
    help=_START, short_help=say("Tout démarrer, au premier plan", "Start everything, in the foreground")
)
def start(
    instance: Folder = None,
    port_offset: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            show_default=False,
            help=say(
                "Ajouté à tous les ports : plusieurs instances vivent côte à côte",
                "Added to every port: several instances live side by side",
            ),
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            show_default=False,
            help=say(
                "postgresql://nom:secret@hôte/base ; sans elle, SQLite dans l’instance",
                "postgresql://name:secret@host/database; without it, SQLite in the instance",
            ),
        ),
    ] = None,
    detach: Annotated[
        bool,
        typer.Option(
            "--detach",
            help=say(
                "Rendre la main une fois prêt ; ./casier stop arrête tout",
                "Return when ready; ./casier stop ends it all",
            ),
        ),
    ] = False,
    no_demo: Annotated[
        bool,
        typer.Option(
            "--no-demo",
            help=say("Ne pas charger la démonstration", "Don’t load the demonstration"),
        ),
    ] = False,
    more: Annotated[
        list[Extra] | None,
        typer.Option(
            "--with",
            show_default=False,
            help=say(
                "Ajouter une partie facultative : office (aperçu des documents par LibreOffice)",
                "Add an optional part: office (previews of documents by LibreOffice)",
            ),
        ),
    ] = None,
) -> None:
    from casier.boot.start import Options, run

    extras = tuple(one.value for one in more or ())
    options = Options(_root(instance), CHECKOUT, port_offset, database, detach, not no_demo, extras)
    raise typer.Exit(run(options, Progress()))


@app.command(help=say("Tout arrêter", "Stop everything"))
def stop(instance: Folder = None) -> None:
    from casier.boot.start import stop as stop_instance

    raise typer.Exit(stop_instance(_root(instance), Progress()))


@app.command(
    help=say(
        "Dire ce qui tourne, et si un message traverse tout (code 1 sinon). --no-message demande seulement à "
        "chaque partie si elle répond : en une seconde, sans écrire de message.",
        "Tell what runs, and whether a message gets through all of it (exit code 1 otherwise). --no-message "
        "only asks each part whether it answers: within a second, no message is written.",
    ),
    short_help=say(
        "Dire ce qui tourne et si le courrier passe", "Tell what runs and whether mail gets through"
    ),
)
def status(
    instance: Folder = None,
    as_json: AsJson = False,
    no_message: Annotated[
        bool,
        typer.Option("--no-message", help=say("Sans envoyer de message", "Without sending a message")),
    ] = False,
) -> None:
    from casier.boot.status import status_of

    progress = Progress()
    found = status_of(_load(_root(instance)), message=not no_message)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        raise typer.Exit(0 if found.ready else 1)
    signs = {"running": "[green]✓[/green]", "starting": "[yellow]…[/yellow]", "stopped": "[dim]–[/dim]"}
    for part in found.parts:
        progress.line(signs.get(part.state, "[red]✗[/red]"), part.name, str(part.pid or ""), part.detail)
    ready = say("prêt", "ready") if found.ready else say("pas prêt", "not ready")
    progress.console.print(f"{ready} {found.detail}".strip(), markup=False)
    raise typer.Exit(0 if found.ready else 1)


@app.command(help=say("Montrer les journaux, d’une partie ou de toutes", "Show the logs, of one part or all"))
def logs(
    part: Annotated[
        str | None,
        typer.Argument(
            metavar=say("PARTIE", "PART"),
            help=say("postfix, cyrus, edge… ; sans elle, toutes", "postfix, cyrus, edge…; without it, all"),
        ),
    ] = None,
    instance: Folder = None,
    follow: Annotated[
        bool,
        typer.Option("-f", "--follow", help=say("Continuer à montrer ce qui vient", "Go on with what comes")),
    ] = False,
    lines: Annotated[
        int, typer.Option("-n", "--lines", help=say("Combien de lignes", "How many lines"))
    ] = 100,
) -> None:
    from casier.boot.logs import show

    raise typer.Exit(show(_load(_root(instance)), part, lines, follow))


@app.command(help=say("Configurer à nouveau les moteurs qui tournent", "Configure the running engines anew"))
def apply(instance: Folder = None) -> None:
    from casier.boot.start import FAILURES, refresh

    try:
        changed = refresh(_load(_root(instance)))
    except FAILURES as error:
        Progress().error(str(error))
        raise typer.Exit(1) from None
    print(", ".join(changed) or say("Rien à changer.", "Nothing to change."))


@app.command("test", help=say("Toutes les vérifications, ou celles nommées", "Every check, or those named"))
def run_tests(
    stages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=say("ÉTAPE", "STAGE"),
            help=say(
                "lint, web, unit, postgresql, engines, journeys ; et roots, seulement si on la nomme : "
                "tout depuis rien sur des Debian 12 et 13 neuves, en une demi-heure",
                "lint, web, unit, postgresql, engines, journeys; and roots, only when named: "
                "everything from nothing on fresh Debian 12 and 13, within half an hour",
            ),
        ),
    ] = None,
) -> None:
    from casier.boot.testing import main as run_checks

    raise typer.Exit(run_checks(stages or []))


def _load(root: Path) -> Instance:
    try:
        return Instance.load(root)
    except InstanceError as error:
        Progress().error(str(error))
        raise typer.Exit(1) from None


def _take_instance_option(arguments: list[str]) -> list[str]:
    """`--instance DIR` may stand anywhere; commands of the other parts read it from the environment."""
    rest, words = list[str](), iter(arguments)
    for word in words:
        if word == "--instance":
            os.environ[INSTANCE_ENV] = str(Path(next(words, "")).absolute())
        elif word.startswith("--instance="):
            os.environ[INSTANCE_ENV] = str(Path(word.partition("=")[2]).absolute())
        else:
            rest.append(word)
    return rest


def main() -> None:
    """Read the command line. A command of another part is imported only when it is asked for."""
    arguments = _take_instance_option(sys.argv[1:])
    if arguments[:1] == ["test"] and "--" in arguments:  # what follows is pytest's, options too
        from casier.boot.testing import main as run_checks

        sys.exit(run_checks(arguments[1:]))
    if group := content.asked_for(arguments):
        sys.exit(content.run(group, arguments, app, _root(None)))
    for other in content.CONTENT:
        app.add_typer(typer.Typer(help=say(*other.about)), name=other.name, hidden=not other.present)
    app(args=arguments, prog_name="casier")
