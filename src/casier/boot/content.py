"""Commands that work on the platform's content: loaded when asked for, run as the platform's own user.

Help needs neither an instance nor a right; all else is handed to the instance's own copy of the program.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import typer

from casier.boot.database_trouble import explain
from casier.boot.platform_commands import run_as_platform
from casier.boot.progress import Progress
from casier.boot.words import Words, say
from casier.kernel.instance import INSTANCE_ENV, Instance, InstanceError

HELP = "--help"


@dataclass(frozen=True, slots=True)
class Content:
    """A group of commands: its name, the module with a typer app called `app`, what it is about."""

    name: str
    module: str
    about: Words
    # It takes files that the caller names, and the caller is root: read where the platform's user couldn't.
    reads_any_file: bool = False
    # It may change what the engines are configured from: domains and hosts.
    changes_facts: bool = False

    @property
    def present(self) -> bool:
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False


CONTENT: tuple[Content, ...] = (
    Content("account", "casier.boot.commands.account", ("Comptes", "Accounts"), reads_any_file=True),
    Content("figures", "casier.boot.commands.figures", ("Chiffres de chaque jour", "Figures of each day")),
    Content("life", "casier.boot.commands.life", ("Départs et échéances", "Leaving, and what is due")),
    Content(
        "academy",
        "casier.boot.commands.academy",
        ("Académies", "Academies"),
        reads_any_file=True,
        changes_facts=True,
    ),
    Content(
        "policy",
        "casier.boot.commands.policy",
        ("Politiques : lire, vérifier, appliquer", "Policies: read, check, apply"),
        reads_any_file=True,
    ),
    Content("mandate", "casier.boot.commands.mandate", ("Charges : qui peut quoi", "Offices: who may what")),
    Content(
        "rights",
        "casier.boot.commands.rights",
        ("Revue de qui détient quel droit", "Review of who holds which right"),
    ),
    Content(
        "identity",
        "casier.boot.commands.identity",
        ("Accès d’une personne : voir, débloquer, réinitialiser", "A person’s access: see, unlock, reset"),
    ),
    Content("school", "casier.boot.commands.school", ("Établissements", "Schools")),
    Content(
        "contributor",
        "casier.boot.commands.contributor",
        ("Intervenants extérieurs", "Outside contributors"),
    ),
    Content(
        "group",
        "casier.boot.commands.group",
        ("Groupes calculés de l’annuaire", "Groups computed from the directory"),
    ),
    Content(
        "feed",
        "casier.boot.commands.feed",
        ("Import de l’annuaire : AAF, CSV", "The directory's feed: AAF, CSV"),
        reads_any_file=True,
    ),
    Content(
        "quarantine",
        "casier.boot.commands.quarantine",
        ("Messages que l’antivirus a retirés", "Messages that the antivirus took out"),
    ),
    Content(
        "links",
        "casier.boot.commands.links",
        ("Fichiers envoyés par lien", "Files sent by link"),
    ),
    Content(
        "mailbox",
        "casier.boot.commands.mailbox",
        ("Une boîte : export, messages supprimés", "A mailbox: export, deleted messages"),
    ),
    Content(
        "functional",
        "casier.boot.commands.functional",
        ("Boîtes fonctionnelles et leurs membres", "Functional mailboxes and their members"),
    ),
    Content(
        "delegation",
        "casier.boot.commands.delegation",
        ("Boîtes ouvertes à un collègue", "Mailboxes opened to a colleague"),
    ),
    Content(
        "provision",
        "casier.boot.commands.provision",
        ("Mise en accord des moteurs", "Converging the engines"),
    ),
    Content(
        "trace", "casier.boot.commands.trace", ("Messages : ce qu’ils sont devenus", "Messages: their trace")
    ),
    Content(
        "person",
        "casier.boot.commands.person",
        ("Droits d’une personne : copie, effacement", "A person’s rights: copy, erasure"),
        reads_any_file=True,
    ),
    Content(
        "privacy",
        "casier.boot.commands.privacy",
        ("Registre des traitements, durées", "Register of processing, times"),
    ),
    Content(
        "journal",
        "casier.boot.commands.journal",
        ("Journal : lire, vérifier", "Journal: read, verify"),
        reads_any_file=True,
    ),
    Content(
        "app-password",
        "casier.identity.cli",
        ("Mots de passe d’application", "Application passwords"),
    ),
    Content(
        "mail",
        "casier.mailbox.importing.cli",
        ("Courrier : importer", "Mail: import"),
        reads_any_file=True,
    ),
    Content(
        "writing",
        "casier.boot.commands.writing",
        ("Rédaction : signature, modèles", "Writing: signature, templates"),
        reads_any_file=True,
    ),
    Content(
        "announce",
        "casier.boot.commands.announce",
        ("Annonces en haut du courrier", "Announcements above the mail"),
    ),
    Content(
        "service",
        "casier.boot.commands.service",
        ("Services qui notifient les personnes", "Services that notify people"),
    ),
    Content("demo", "casier.demo.cli", ("Démonstration", "Demonstration")),
)


def asked_for(arguments: Sequence[str]) -> Content | None:
    """The group that the command line names."""
    first = next((word for word in arguments if not word.startswith("-")), "")
    return next((group for group in CONTENT if group.name == first and group.present), None)


def help_words(arguments: Sequence[str]) -> list[str] | None:
    """The command line that prints the help asked for and does nothing else; None: none was asked for."""
    if HELP not in arguments and len(arguments) > 1:
        return None
    return [*takewhile(lambda word: not word.startswith("-"), arguments), HELP]


def run(group: Content, arguments: Sequence[str], app: typer.Typer, folder: os.PathLike[str]) -> int:
    """Run ARGUMENTS, which name GROUP, on the instance in FOLDER; the exit code."""
    words = help_words(arguments)
    if words:
        # a throwaway instance: what is described is the same everywhere
        os.environ.pop(INSTANCE_ENV, None)
        return _run_here(group, words, app)
    try:
        instance = _instance(folder)
    except InstanceError as error:
        Progress().error(str(error))
        return 1
    if os.geteuid() != 0:
        return _run_here(group, arguments, app)
    code = run_as_platform(instance, sys.argv[1:], reads_any_file=group.reads_any_file)
    if group.changes_facts and not code:
        return _tell_engines(instance)
    return code


def _instance(folder: os.PathLike[str]) -> Instance:
    """The instance, with a copy of the program in it. Raises InstanceError."""
    from pathlib import Path

    instance = Instance.load(Path(folder))
    if not (instance.app / "src" / "casier").is_dir():
        raise InstanceError(
            say(
                f"L’instance {instance.root} n’a jamais démarré. Lancez ./casier start.",
                f"The instance {instance.root} was never started. Run ./casier start.",
            )
        )
    return instance


def _run_here(group: Content, arguments: Sequence[str], app: typer.Typer) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django
    from django.db import DatabaseError, InterfaceError, connection

    try:
        django.setup()
        app.add_typer(importlib.import_module(group.module).app, name=group.name)
        app(args=list(arguments), prog_name="casier")
    except InstanceError as error:
        Progress().error(str(error))
        return 1
    except (DatabaseError, InterfaceError) as error:
        # It is away, locked, or no start ever made its tables.
        trouble = explain(error, connection.settings_dict)
        Progress().error(str(trouble))
        return trouble.code
    return 0


def _tell_engines(instance: Instance) -> int:
    """Configure running engines for what has just changed; a stopped platform does it when it starts."""
    from casier.boot import lock
    from casier.boot.start import FAILURES, refresh

    try:
        if not lock.is_free(instance.root):
            refresh(instance)
    except FAILURES as error:
        Progress().error(str(error))
        return 1
    return 0
