"""The command line: what runs the platform is here, what works on its content is loaded when asked for."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from casier.boot.platform_commands import run_as_platform
from casier.boot.progress import Progress
from casier.boot.words import say
from casier.kernel.instance import DEFAULT_ROOT, INSTANCE_ENV, Instance, InstanceError

CHECKOUT = Path(__file__).resolve().parents[3]
# Commands of the other parts: name, module with a typer app called `app`, what it is about.
COMMANDS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    ("account", "casier.boot.commands.account", ("Comptes", "Accounts")),
    ("academy", "casier.boot.commands.academy", ("Académies", "Academies")),
    ("school", "casier.boot.commands.school", ("Établissements", "Schools")),
    ("provision", "casier.boot.commands.provision", ("Mise en accord des moteurs", "Converging the engines")),
    ("app-password", "casier.identity.cli", ("Mots de passe d’application", "Application passwords")),
    ("mail", "casier.mailbox.importing.cli", ("Courrier : import", "Mail: import")),
    ("demo", "casier.demo.cli", ("Démonstration", "Demonstration")),
)

# These take files that the caller names, and the caller is root: read where the platform's user couldn't.
READ_ANY_FILE = ("mail", "account")
# These may change what the engines are configured from: domains and hosts.
CHANGE_FACTS = ("academy",)

app = typer.Typer(name="casier", no_args_is_help=True, add_completion=False, rich_markup_mode=None)

Folder = Annotated[
    Path | None, typer.Option("--instance", help=say("Dossier de l’instance", "Folder of the instance"))
]


def _root(folder: Path | None) -> Path:
    return (folder or Path(os.environ.get(INSTANCE_ENV, DEFAULT_ROOT))).absolute()


@app.command(help=say("Tout démarrer, au premier plan", "Start everything, in the foreground"))
def start(
    instance: Folder = None,
    port_offset: Annotated[
        int | None, typer.Option(help=say("Ajouté à tous les ports", "Added to every port"))
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="postgresql://… (SQLite " + say("par défaut)", "by default)"))
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help=say("Rendre la main une fois prêt", "Return when ready"))
    ] = False,
    no_demo: Annotated[
        bool, typer.Option("--no-demo", help=say("Sans données de démonstration", "No demonstration data"))
    ] = False,
) -> None:
    from casier.boot.start import Options, run

    options = Options(_root(instance), CHECKOUT, port_offset, database, detach, not no_demo)
    raise typer.Exit(run(options, Progress()))


@app.command(help=say("Tout arrêter", "Stop everything"))
def stop(instance: Folder = None) -> None:
    from casier.boot.start import stop as stop_instance

    raise typer.Exit(stop_instance(_root(instance), Progress()))


@app.command(
    help=say("Dire ce qui tourne et si le courrier passe", "Tell what runs and whether mail gets through")
)
def status(instance: Folder = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    from casier.boot.status import status_of

    progress = Progress()
    found = status_of(_load(_root(instance)))
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
    part: Annotated[str | None, typer.Argument()] = None,
    instance: Folder = None,
    follow: Annotated[bool, typer.Option("-f", "--follow")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines")] = 100,
) -> None:
    from casier.boot.logs import show

    raise typer.Exit(show(_load(_root(instance)), part, lines, follow))


@app.command(help=say("Configurer à nouveau les moteurs qui tournent", "Configure the running engines anew"))
def apply(instance: Folder = None) -> None:
    from casier.boot.start import refresh

    changed = refresh(_load(_root(instance)))
    print(", ".join(changed) or say("Rien à changer.", "Nothing to change."))


@app.command("test", help=say("Toutes les vérifications, ou celles nommées", "Every check, or those named"))
def run_tests(stages: Annotated[list[str] | None, typer.Argument()] = None) -> None:
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


def _present(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _content_command(name: str, module: str) -> None:
    """Add the commands of one part, working on the instance as the platform's own user."""
    instance = _load(_root(None))
    if os.geteuid() == 0:
        code = run_as_platform(instance, sys.argv[1:], reads_any_file=name in READ_ANY_FILE)
        if name in CHANGE_FACTS and not code:
            _tell_engines(instance)
        sys.exit(code)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django

    django.setup()
    app.add_typer(importlib.import_module(module).app, name=name)


def _tell_engines(instance: Instance) -> None:
    """Configure running engines for what has just changed; a stopped platform does it when it starts."""
    from casier.boot import lock
    from casier.boot.start import refresh

    if not lock.is_free(instance.root):
        refresh(instance)


def main() -> None:
    """Read the command line. A command of another part is imported only when it is asked for."""
    arguments = _take_instance_option(sys.argv[1:])
    if arguments[:1] == ["test"] and "--" in arguments:  # what follows is pytest's, options too
        from casier.boot.testing import main as run_checks

        sys.exit(run_checks(arguments[1:]))
    asked = next((word for word in arguments if not word.startswith("-")), "")
    for name, module, (french, english) in COMMANDS:
        if name == asked and _present(module):
            _content_command(name, module)
        else:
            app.add_typer(typer.Typer(help=say(french, english)), name=name, hidden=not _present(module))
    app(args=arguments, prog_name="casier")
