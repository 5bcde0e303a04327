"""What officers see in the console while something is down: each page answers, and none says a wrong no."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, transaction
from django.test import Client
from django.utils import timezone

from casier.console import access, contributing, ending, forms, groups, schooling
from casier.console.views import feed, rights
from casier.directory.models import Academy, Account, Office
from casier.kernel.errors import CasierError, Unavailable
from casier.trace.logs import machine_zone
from engines.console_matrix import everything
from engines.console_scene import MONOD, charge, claire, holder, open_doors, page_of, post, rouen, said
from engines.down_scene import DOWN, REFERENCE, refusing
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db]
# What forms ask for, as well as one can answer.
ANSWERS: dict[str, Any] = {
    "motif": "essai", "decision": "oui", "controle": ["document", "in_person"], "charge": "help_desk",
    "adresse": "12 rue du Port\n76000 Rouen", "geste": "postee", "forme": "csv", "heures": "24",
    "uai": MONOD, "qui": "autre", "nom": "Vie scolaire", "role": "read", "texte": "Une charte.",
}  # fmt: skip
# What differs from one look at a page to the next, and says nothing of the parts.
MOVES = re.compile(
    r"R-\w{4}-\w{4}|\d{1,2} h \d{2}|\d{2}:\d{2}(:\d{2})?|\d{4}-\d{2}-\d{2}T[\d:.+]*"
    r'|name="csrfmiddlewaretoken" value="\w+"|<p class="banner \w+" role="status">[^\n]*'
)


@pytest.fixture
def chief(rouen: Academy) -> Client:
    """A browser in which somebody is signed in who holds every office."""
    visitor = holder(rouen, Office.DSI)
    account = Account.objects.get(person__family_name="Agent")
    for office in set(Office) - {Office.DSI}:
        charge(account, office, MONOD if office == Office.HEAD else "")
    return visitor


@pytest.fixture
def written() -> Iterator[Path]:
    """Logs of the engines in which nothing is said of Claire."""
    folder, now = settings.CASIER_INSTANCE.log, timezone.now()
    folder.mkdir(parents=True, exist_ok=True)
    at = now.astimezone(machine_zone())
    day = f"{at:%Y-%m-%d %H:%M:%S}"
    lines = {
        "postfix": f"{at:%b} {at.day:2} {at:%H:%M:%S} mail postfix/master[1]: daemon started",
        "rspamd": f"{day} #9(main) <a>; main; rspamd starting",
        "cyrus": f"{day} info casier/master[2]: process started",
    }
    for name, line in lines.items():
        (folder / f"{name}.log").write_text(f"{line}\n", "utf-8")
    yield folder
    for name in lines:
        (folder / f"{name}.log").unlink(missing_ok=True)


@contextmanager
def from_the_desk_on(down: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """Something goes down once it is known who works here: in the middle of a page."""
    known = access.desk_of
    with ExitStack() as until_the_end, pytest.MonkeyPatch.context() as patch:

        def then(request: Any) -> Any:
            desk = known(request)
            until_the_end.enter_context(down())
            return desk

        patch.setattr(access, "desk_of", then)
        yield


@contextmanager
def logs_unread() -> Iterator[None]:
    """The engines' logs are no files that can be read."""
    folder = settings.CASIER_INSTANCE.log
    for name in ("postfix", "rspamd", "cyrus"):
        (folder / f"{name}.log").rename(folder / f"{name}.kept")
        (folder / f"{name}.log").mkdir()
    try:
        yield
    finally:
        for name in ("postfix", "rspamd", "cyrus"):
            (folder / f"{name}.log").rmdir()
            (folder / f"{name}.kept").rename(folder / f"{name}.log")


MIDWAY: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "database-cut": lambda: refusing(InterfaceError("the connection is closed"), lambda _: True),
    "database-full": DOWN["database-full"],
    "redis-stopped": DOWN["redis-stopped"],
    "redis-full": DOWN["redis-full"],
    "logs-unread": logs_unread,
}


class Walk:
    """One browser's way through every page, each time as if nothing had been done before."""

    def __init__(self, browser: Client) -> None:
        self.browser, self.cookies = browser, dict(browser.cookies)

    def ask(
        self, method: str, path: str, down: Callable[[], AbstractContextManager[None]]
    ) -> tuple[int, str]:
        self.browser.cookies.clear()
        self.browser.cookies.update(self.cookies)
        place = transaction.savepoint()
        with from_the_desk_on(down):
            answer = getattr(self.browser, method)(path, ANSWERS if method == "post" else {}, secure=True)
            text = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(False)
        transaction.savepoint_rollback(place)
        return answer.status_code, MOVES.sub("", text.decode(errors="replace"))


def wrong(method: str, well: tuple[int, str], ill: tuple[int, str]) -> str:
    """What is wrong with a page that answered ILL where it answers WELL when nothing is down; "": nothing."""
    status, text = ill
    if status == 503:
        return "" if "Service momentanément indisponible" in text else "503 without its page"
    if status != well[0]:
        return f"{status}, which is {well[0]} else"
    if "unavailable" in text:
        return "a code instead of words"
    if method == "post" or "ne peut pas être lu" in text:
        return ""
    lines, known = ({line.strip() for line in one.split("\n")} - {""} for one in (text, well[1]))
    other = sorted(lines ^ known)
    return f"says something else, and not what is dead: {other[0][:200]}" if other else ""


def test_every_page_answers_and_what_is_not_known_is_no_no(
    chief: Client, claire: Account, written: Path
) -> None:
    pages, walk, found = everything(claire), Walk(chief), []
    for route, path in pages.items():
        for method in ("get", "post"):
            well = walk.ask(method, path, ExitStack)
            if well[0] == 405:
                continue
            for what, down in MIDWAY.items():
                if what == "logs-unread" and "messages" not in route:
                    continue  # nothing else reads them
                if why := wrong(method, well, walk.ask(method, path, down)):
                    found.append(f"{what}: {method} {route}: {why}")
    assert not found, "\n".join(found)


def test_a_trace_says_what_it_could_not_read(chief: Client, claire: Account, written: Path) -> None:
    path = page_of(claire, "messages/")
    assert "Aucun message dans ce temps" in said(post(chief, path, motif="appel", heures="24"))
    with logs_unread():
        told = said(post(chief, path, motif="appel", heures="24"))
    assert "Aucun message" not in told
    assert "n’est pas connu" in told


def test_an_act_whose_engine_is_down_is_no_mistake_in_a_field(
    chief: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise Unavailable("redis")

    monkeypatch.setattr("casier.console.views.resets.recovery.start_reset", stopped)
    answer = post(chief, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"])
    assert answer.status_code == 503
    assert REFERENCE.search(answer.content.decode())


def test_a_full_disk_is_told_as_what_it_is(
    chief: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("casier.console.views.journal.tempfile.NamedTemporaryFile", full)
    answer = post(chief, "/console/journal/exporter/", motif="contrôle", forme="signe")
    assert answer.status_code == 503
    assert "place manque" in said(answer)
    assert REFERENCE.search(answer.content.decode())


@pytest.mark.parametrize(
    "tell",
    [
        forms.sentence, ending.refusal_words, contributing.refusal, groups.refusal, schooling.why_not,
        feed._cannot, rights._why_not_lent,
    ],
)  # fmt: skip
def test_no_sentence_is_made_of_what_is_down(tell: Callable[[CasierError], object]) -> None:
    with pytest.raises(Unavailable):
        tell(Unavailable("redis"))
