"""What people see while something is down: every page answers, and none with a bare failure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from casier.directory import actions
from casier.directory.models import Account, Office
from casier.kernel.instance import Port
from casier.portal.repair import checking
from engines.down_scene import DOWN, REFERENCE, redis_gone
from engines.factors_scene import ask
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db]
SAMPLES = {"uuid": uuid.UUID(int=7), "int": 7, "slug": "rouen", "str": "x", "path": "3A"}
# For programs, and what says nothing of anybody.
ELSEWHERE = ("/api/", "/icones/", "/theme.css", "/manifest")
# What forms ask for, as well as one can answer.
NEW_PASSWORD = "girafe-Moulin-58-cerise"
ANSWERS = {
    "identifiant": "claire.lefevre", "mot_de_passe": PASSWORD, "actuel": PASSWORD,
    "nouveau": NEW_PASSWORD, "encore": NEW_PASSWORD, "code": "12345678", "numen": "14E1234567ABC",
    "valeur": "claire@laposte.example", "jour": "14", "mois": "3", "annee": "1987", "nom": "Lefèvre",
    "protocole": "imap", "moyen": "courriel", "reponse": "accord", "reference": "R-2345-6789",
    "motif": "essai", "langue": "fr", "theme": "dark", "charge": "help_desk", "geste": "annuler",
}  # fmt: skip


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Every address of the pages, with something in the place of what varies."""
    for one in patterns:
        path = before + str(one.pattern)
        if not path.startswith(ELSEWHERE) and isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, path)
        elif not path.startswith(ELSEWHERE):
            yield re.sub(r"<(\w+):\w+>", lambda kind: str(SAMPLES[kind[1]]), path)


def stranger(browser: Client, claire: Account) -> None:
    """Nobody."""


def on_the_road(browser: Client, claire: Account) -> None:
    """The password is right; a second factor is still to be enrolled."""
    ask(claire.academy)
    assert sign_in(browser).status_code == 302


def inside(browser: Client, claire: Account) -> None:
    """Signed in, with an office that opens the console."""
    charge = actions.NewMandate(Office.DSI, None, None)
    actions.give_mandate(claire, charge, by=BY, reason="tests", now=timezone.now())
    sign_in(browser)
    assert signed_in(browser)


@pytest.mark.parametrize("who", [stranger, on_the_road, inside])
@pytest.mark.parametrize("what", DOWN)
def test_every_page_answers(claire: Account, what: str, who: Callable[[Client, Account], None]) -> None:
    browser = new_browser()
    who(browser, claire)
    cookies = dict(browser.cookies)
    found = []
    for path in sorted(set(addresses(get_resolver().url_patterns))):
        for method in ("get", "post"):
            browser.cookies.update(cookies)
            place = transaction.savepoint()
            with DOWN[what]():
                answer = getattr(browser, method)(path, ANSWERS if method == "post" else {}, secure=True)
            transaction.set_rollback(False)
            transaction.savepoint_rollback(place)
            body = answer.content.decode(errors="replace")
            plain = answer.status_code < 500 or (answer.status_code == 503 and REFERENCE.search(body))
            if not plain:
                found.append(f"{method} {path}: {answer.status_code}")
    assert found == []


@pytest.mark.parametrize("who", [stranger, inside])
def test_the_address_of_a_button_is_no_blank_page(
    browser: Client, claire: Account, who: Callable[[Client, Account], None]
) -> None:
    who(browser, claire)
    for path in ("/connexion/autre-appareil/", "/activation/langue/"):
        answer = browser.get(path, secure=True)
        assert answer.status_code == 405
        assert answer["Allow"] == "POST"
        assert "celle d’un bouton" in answer.content.decode()
        assert REFERENCE.search(answer.content.decode())


def test_who_looks_for_the_fault_is_told_that_it_is_ours(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> bool:
        return "Elle répond." in browser.get("/depannage/verifier/?vu=1", secure=True).content.decode()

    shut: set[Port] = set()
    monkeypatch.setattr(checking, "takes_calls", lambda port: port not in shut)
    assert told()
    with redis_gone():
        assert not told()
    for port in (Port.STORE_IMAP, Port.EDGE_INTERNAL):
        shut.clear()
        shut.add(port)
        assert not told()
