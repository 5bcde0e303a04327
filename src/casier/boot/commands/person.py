"""`./casier person`: a copy of everything about somebody, and their erasure."""

from __future__ import annotations

import shutil
import sys
import uuid
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import public_key, record
from casier.boot.commands.speaking import (
    REFUSED,
    AsJson,
    OneAddress,
    Reason,
    as_json,
    complain,
    operator,
    told,
)
from casier.boot.words import english, say
from casier.directory.access import account_with
from casier.directory.models import Account
from casier.kernel.transfer_folders import imports_folder
from casier.mailbox.transfer.places import check_disk
from casier.privacy import erasing
from casier.privacy.copies import sealed
from casier.privacy.copies.making import Made, make
from casier.privacy.words import REFUSALS, STAYS, TABLES, in_words

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les droits d’une personne : copie de ses données, effacement.",
        "A person’s rights: a copy of their data, erasure.",
    ),
)


@app.command(
    help=say(
        "Écrire tout ce qui concerne une personne dans un zip scellé : pages à lire, JSON, courrier, "
        "contacts, agendas, fichiers. « --to - » l’envoie sur la sortie standard. "
        "Exemple : person export jean.martin@ac-rouen.fr --to - --reason 'Droit d’accès' > jean.zip",
        "Write all that is about a person to a sealed zip: pages to read, JSON, mail, contacts, agendas, "
        "files. “--to -” sends it to standard output. "
        "Example: person export jean.martin@ac-rouen.fr --to - --reason 'Right of access' > jean.zip",
    )
)
def export(
    address: OneAddress,
    to: Annotated[
        str, typer.Option("--to", metavar=say("DOSSIER|FICHIER|-", "FOLDER|FILE|-"), help=say("Où", "Where"))
    ],
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    now, by = timezone.now(), operator()
    with told():
        account = account_with(address)
        target = _target(to, account, now)
        part = imports_folder(settings.CASIER_INSTANCE) / f"{uuid.uuid4().hex}.part"
        check_disk(settings.CASIER_INSTANCE, 0)
        with transaction.atomic():
            record(
                by, "person.exported", f"account:{account.public_id}", reason,
                academy=account.academy.slug, at=now,
            )  # fmt: skip
        try:
            made = make(part, account, settings.CASIER_INSTANCE, "en" if english() else "fr", now)
            octets = part.stat().st_size
            _deliver(part, target)
        finally:
            part.unlink(missing_ok=True)
    _say_made(made, octets, target, json)


def _target(to: str, account: Account, now: datetime) -> Path | None:
    """The file to write; None: standard output."""
    if to == "-":
        if sys.stdout.isatty():
            complain(say("Redirigez la sortie vers un fichier : … > copie.zip", "Redirect: … > copy.zip"))
            raise typer.Exit(2)
        return None
    path = Path(to) if not to.endswith("/") else Path(to) / _name(account, now)
    with suppress(OSError):
        if path.is_dir():
            path /= _name(account, now)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        complain(
            say(
                f"{path} : {error.strerror}. La commande écrit avec l’utilisateur de la plateforme ; "
                "« --to - » laisse écrire votre interpréteur.",
                f"{path}: {error.strerror}. The command writes as the platform’s user; “--to -” lets your "
                "shell write.",
            )
        )
        raise typer.Exit(REFUSED) from error
    return path


def _name(account: Account, now: datetime) -> str:
    return f"donnees-{account.public_id[:8]}-{now:%Y-%m-%d}.zip"


def _deliver(part: Path, target: Path | None) -> None:
    with part.open("rb") as file:
        if target is None:
            shutil.copyfileobj(file, sys.stdout.buffer, 1 << 20)
            sys.stdout.flush()
            return
        with target.open("wb") as whole:
            shutil.copyfileobj(file, whole, 1 << 20)


def _say_made(made: Made, octets: int, target: Path | None, json: bool) -> None:
    key = public_key(settings.CASIER_INSTANCE.key("journal"))
    facts = {**asdict(made), "octets": octets, "file": str(target or "-"), "key": key}
    if target is None:
        complain(f"{made.rows} + {made.messages}, {octets} – {made.digest}")
    elif json:
        as_json(facts)
    else:
        print(say(f"Écrit : {target} ({octets} octets)", f"Written: {target} ({octets} bytes)"))
        print(say(f"Clé publique : {key}", f"Public key: {key}"))


@app.command(
    help=say(
        "Dire si une copie est intacte et vient de cette plateforme.",
        "Tell whether a copy is whole and comes from this platform.",
    )
)
def check(
    file: Annotated[Path, typer.Argument(metavar=say("FICHIER", "FILE"), exists=True, dir_okay=False)],
    json: AsJson = False,
) -> None:
    wrong = list(sealed.check(file, public_key(settings.CASIER_INSTANCE.key("journal"))))
    if json:
        as_json({"sound": not wrong, "problems": wrong})
    else:
        for one in wrong:
            complain(one)
        if not wrong:
            print(say("La copie est intacte.", "The copy is whole."))
    raise typer.Exit(REFUSED if wrong else 0)


@app.command(
    help=say(
        "Effacer tout ce qui peut l’être d’une personne qui a quitté le service. Sans --yes, dire seulement "
        "ce qui partirait, ce qui reste, pourquoi et jusqu’à quand.",
        "Erase all that may be erased of somebody who has left. Without --yes, only tell what would go, what "
        "stays, why and until when.",
    )
)
def erase(
    address: OneAddress,
    reason: Reason = "",
    yes: Annotated[bool, typer.Option("--yes", help=say("Effacer vraiment", "Really erase"))] = False,
    json: AsJson = False,
) -> None:
    now, language = timezone.now(), "en" if english() else "fr"
    with told():
        account = account_with(address)
        plan = erasing.look(account, now)
        facts = _plan(plan, language)
        if yes and not plan.refused:
            if not reason.strip():
                complain(say("Il faut un motif : --reason.", "A reason is needed: --reason."))
                raise typer.Exit(REFUSED)
            erasure = erasing.ask(account, by=operator(), reason=reason, now=now, here=True)
            certificate = erasing.erase(erasure, timezone.now())
            facts |= {"done": True, "certificate": certificate.id.hex if certificate else None}
    if json:
        as_json(facts)
    else:
        _print_plan(facts)
    raise typer.Exit(REFUSED if plan.refused else 0)


def _plan(plan: erasing.Plan, language: str) -> dict[str, Any]:
    return {
        "account": plan.account.public_id,
        "name": plan.account.person.full_name,
        "state": str(plan.account.state),
        "refused": plan.refused,
        "why": in_words(REFUSALS[plan.refused], language) if plan.refused else "",
        "mailbox": plan.has_mailbox,
        "goes": {in_words(TABLES[label], language): count for label, count in plan.rows.items()},
        "stays": [
            {
                "code": one.code,
                "what": in_words(STAYS[one.code][0], language),
                "why": in_words(STAYS[one.code][1], language),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in plan.stays
        ],
        "done": False,
        "certificate": None,
    }


def _print_plan(facts: dict[str, Any]) -> None:
    print(f"{facts['name']} ({facts['state']})")
    if facts["refused"]:
        complain(facts["why"])
        return
    if facts["done"]:
        print(
            say(
                f"Effacé. Certificat : {facts['certificate']}", f"Erased. Certificate: {facts['certificate']}"
            )
        )
    else:
        print(say("Partirait :", "Would go:"))
        if facts["mailbox"]:
            print("  " + say("la boîte, ses agendas, ses contacts", "the mailbox, its agendas, its contacts"))
        for what, count in facts["goes"].items():
            print(f"  {count:>6}  {what}")
    print(say("Reste :", "Stays:"))
    for one in facts["stays"]:
        until = say(f" jusqu’au {one['until']}", f" until {one['until']}") if one["until"] else ""
        print(f"  {one['what']}{until} – {one['why']}")
    if not facts["done"]:
        print(say("Ajoutez --yes et --reason pour effacer.", "Add --yes and --reason to erase."))
