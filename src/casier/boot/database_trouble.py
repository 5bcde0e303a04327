"""What is wrong with the database, in a sentence: what couldn't be done, why, and what to do about it.

PostgreSQL tells why it refuses a connection in the server's language and without a code, so the way there is
tried once more, step by step; what the server itself says is quoted. No password is ever shown.
"""

from __future__ import annotations

import os
import pwd
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casier.boot.words import say

REFUSED = 1
TRY_LATER = 75  # sysexits.h, EX_TEMPFAIL
_SECONDS = 5.0
_DEFAULT_PORT = "5432"
# PostgreSQL's own codes (its manual, appendix A), and what SQLite says.
_NO_TABLE = frozenset({"42P01", "42703"})
_NO_RIGHT = frozenset({"42501"})
_SQLITE_NO_TABLE = ("no such table", "no such column")


@dataclass(frozen=True, slots=True)
class Trouble:
    """WHAT couldn't be done and why; what to DO about it; the exit CODE of a command that met it."""

    what: str
    do: str
    code: int = TRY_LATER
    of_rights: bool = False

    def __str__(self) -> str:
        return f"{self.what}\n{self.do}"


def explain(error: BaseException, settings: Mapping[str, Any]) -> Trouble:
    """What ERROR of the database with these Django SETTINGS means to the person at the terminal."""
    state, said = _state(error), _first_line(error)
    if state in _NO_TABLE or said.startswith(_SQLITE_NO_TABLE):
        return _no_tables(settings)
    if "sqlite" in settings["ENGINE"]:
        return _sqlite(said, settings)
    if state in _NO_RIGHT:
        return _no_right(settings)
    if state:
        return _answered(said, settings)
    return _unreached(error, settings)


def where(settings: Mapping[str, Any]) -> str:
    """The database's address as a person knows it, without its password."""
    if "sqlite" in settings["ENGINE"]:
        return str(settings["NAME"])
    host, port = str(settings["HOST"]), str(settings["PORT"])
    user = f"{settings['USER']}@" if settings["USER"] else ""
    if not host or host.startswith("/"):
        return f"postgresql://{user}/{settings['NAME']}" + (f"?host={host}" if host else "")
    return f"postgresql://{user}{host}{f':{port}' if port else ''}/{settings['NAME']}"


def _state(error: BaseException) -> str:
    """PostgreSQL's code of an answer, which Django passes on wrapped; empty where nothing was answered."""
    seen: BaseException | None = error
    while seen is not None:
        if state := getattr(seen, "sqlstate", None):
            return str(state)
        seen = seen.__cause__ or seen.__context__
    return ""


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def _no_tables(settings: Mapping[str, Any]) -> Trouble:
    return Trouble(
        say(
            f"La base de données {where(settings)} n’a pas les tables de cette version de Casier.",
            f"The database {where(settings)} lacks the tables of this version of Casier.",
        ),
        say(
            "Lancez ./casier start : il les crée, ou les met à jour.",
            "Run ./casier start: it makes them, or brings them up to date.",
        ),
        REFUSED,
    )


def _sqlite(said: str, settings: Mapping[str, Any]) -> Trouble:
    hints = {
        "database or disk is full": say(
            "Le disque est plein : faites de la place.", "The disk is full: make room."
        ),
        "database is locked": say(
            "Un autre programme l’occupe. Réessayez dans un instant.",
            "Another program is using it. Try again in a moment.",
        ),
        "file is not a database": _damaged(),
        "database disk image is malformed": _damaged(),
    }
    usual = say(
        "Vérifiez que le disque est lisible et inscriptible, puis ./casier start, qui répare les droits.",
        "Check that the disk can be read and written, then ./casier start, which mends the rights.",
    )
    return Trouble(_cannot_answer(said, settings), hints.get(said, usual))


def _damaged() -> str:
    return say(
        "Le fichier est abîmé : reprenez une sauvegarde.", "The file is damaged: restore it from a backup."
    )


def _no_right(settings: Mapping[str, Any]) -> Trouble:
    user, name = settings["USER"] or _me(), settings["NAME"]
    return Trouble(
        say(
            f"L’utilisateur {user} n’a pas les droits qu’il faut dans la base {name}.",
            f"The user {user} lacks rights in the database {name}.",
        ),
        say(
            f'Donnez-lui la base : psql -c \'ALTER DATABASE "{name}" OWNER TO "{user}"\'',
            f'Give it the database: psql -c \'ALTER DATABASE "{name}" OWNER TO "{user}"\'',
        ),
        of_rights=True,
    )


def _answered(said: str, settings: Mapping[str, Any]) -> Trouble:
    return Trouble(_cannot_answer(said, settings), say("Voir ./casier status.", "See ./casier status."))


def _cannot_answer(said: str, settings: Mapping[str, Any]) -> str:
    return say(
        f"La base de données {where(settings)} ne peut pas répondre ({said}).",
        f"The database {where(settings)} can’t answer ({said}).",
    )


def _unreached(error: BaseException, settings: Mapping[str, Any]) -> Trouble:
    """Nobody answered at all: first the way there, then what the server said at its door."""
    host, port = str(settings["HOST"]), str(settings["PORT"]) or _DEFAULT_PORT
    why, do = _way_to(host, port) or _at_the_door(str(error), settings)
    address = say(
        "L’adresse est dans instance.toml ; ./casier start --database … la remplace.",
        "The address is in instance.toml; ./casier start --database … replaces it.",
    )
    return Trouble(
        say(
            f"Impossible d’ouvrir la base de données {where(settings)} : {why}.",
            f"The database {where(settings)} can’t be opened: {why}.",
        ),
        f"{do} {address}",
    )


def _way_to(host: str, port: str) -> tuple[str, str] | None:
    """Why nobody can be asked at HOST, and what to do; None: somebody listens there, or nobody can tell."""
    if not host or "," in host or host.startswith("@"):
        return None
    try:
        _knock(host, port)
    except OSError as error:
        return _closed(error, host, port)
    return None


def _knock(host: str, port: str) -> None:
    if not host.startswith("/"):
        socket.create_connection((host, int(port)), _SECONDS).close()
        return
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_SECONDS)
        client.connect(f"{host}/.s.PGSQL.{port}")


def _closed(error: OSError, host: str, port: str) -> tuple[str, str]:
    runs = say("Vérifiez que PostgreSQL y tourne.", "Check that PostgreSQL runs there.")
    if isinstance(error, PermissionError):
        return _forbidden(Path(host), port)
    if isinstance(error, FileNotFoundError) and not Path(host).is_dir():
        return say(f"le dossier {host} n’existe pas", f"the folder {host} doesn’t exist"), runs
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return say(f"rien n’écoute là (port {port})", f"nothing listens there (port {port})"), runs
    if isinstance(error, socket.gaierror):
        return (
            say(f"la machine {host} est inconnue", f"the host {host} is unknown"),
            say("Vérifiez son nom.", "Check its name."),
        )
    if isinstance(error, TimeoutError):
        return say(f"{host} ne répond pas", f"{host} doesn’t answer"), runs
    return f"{host}: {error.strerror or error}", runs


def _forbidden(folder: Path, port: str) -> tuple[str, str]:
    me = _me()
    closed = next((one for one in (*reversed(folder.parents), folder) if not os.access(one, os.X_OK)), None)
    if closed is None:
        path = folder / f".s.PGSQL.{port}"
        return (
            say(f"l’utilisateur {me} ne peut pas ouvrir {path}", f"the user {me} may not open {path}"),
            say("Voyez unix_socket_permissions.", "See unix_socket_permissions."),
        )
    return (
        say(f"l’utilisateur {me} ne peut pas entrer dans {closed}", f"the user {me} can’t enter {closed}"),
        say(
            f"Ouvrez-lui ce dossier (chmod o+x {closed}), ou placez la prise ailleurs.",
            f"Open that folder to it (chmod o+x {closed}), or put the socket elsewhere.",
        ),
    )


def _at_the_door(error: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    """What the server said to whoever wanted in; in its own words where it speaks another language."""
    user, name = settings["USER"] or _me(), settings["NAME"]
    hints: tuple[tuple[str, str, str], ...] = (
        (
            r"(password|peer|ident|md5|scram-sha-256) authentication failed|no password supplied",
            say(f"l’utilisateur {user} ou son mot de passe est refusé", f"the user {user} isn’t let in"),
            say("Vérifiez le nom et le mot de passe.", "Check the name and the password."),
        ),
        (
            r"database .* does not exist",
            say(f"la base {name} n’existe pas", f"the database {name} doesn’t exist"),
            say(
                f"Créez-la : createdb --owner={user} --encoding=UTF8 {name}",
                f"Make it: createdb --owner={user} --encoding=UTF8 {name}",
            )
            + ".",
        ),
        (
            r"role .* does not exist",
            say(f"l’utilisateur {user} n’existe pas", f"the user {user} doesn’t exist"),
            say(f"Créez-le : createuser --pwprompt {user}.", f"Make it: createuser --pwprompt {user}."),
        ),
        (
            r"no pg_hba\.conf entry",
            say("le serveur n’accepte personne d’ici", "the server accepts nobody from here"),
            say("Complétez pg_hba.conf.", "Complete pg_hba.conf."),
        ),
        (
            r"too many (clients|connections)|connection slots",
            say("toutes ses connexions sont prises", "all its connections are taken"),
            say("Réessayez, ou augmentez max_connections.", "Try again, or raise max_connections."),
        ),
        (
            r"(starting up|shutting down|recovery mode)",
            say("PostgreSQL démarre ou s’arrête", "PostgreSQL is starting or stopping"),
            say("Réessayez dans un instant.", "Try again in a moment."),
        ),
    )
    for pattern, why, do in hints:
        if re.search(pattern, error, re.IGNORECASE):
            return why, do
    said = _quoted(error)
    return (
        say(f"le serveur a répondu « {said} »", f"the server answered “{said}”"),
        say("Vérifiez le nom, le mot de passe et la base.", "Check the name, the password and the database."),
    )


def _quoted(error: str) -> str:
    """The server's own words, out of what the library has put around them."""
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    told = next(
        (line for line in reversed(lines) if "FATAL" in line or " failed: " in line),
        lines[0] if lines else "",
    )
    return re.split(r"FATAL\s*:\s*|\bfailed: ", told)[-1].strip().rstrip(".")


def _me() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name
