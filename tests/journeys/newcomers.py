"""A newcomer, made and invited at the command line as an academy does, who answers what each page asks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyotp

from journeys.doors import BECAUSE
from journeys.running import RunningInstance
from waiting import wait_until

PASSWORD = "tulipe-Verte-93-orage"
# A code comes by mail before the page does; milliseconds.
MAIL_AND_PAGE = 90_000
UAI = {"normandie": "0149102T", "rouen": "0769202P", "nancy-metz": "0579302B", "amiens": "0609402U"}


@dataclass
class Newcomer:
    """Somebody who was just invited."""

    academy: str
    numen: str
    address: str
    secret: str  # of the sheet
    family: str


def newcomer(instance: RunningInstance, academy: str) -> Newcomer:
    number = f"{secrets.randbelow(10**7):07}"
    family = f"d’Ambray-{''.join(chr(97 + int(digit)) for digit in number)}"
    numen = f"{UAI[academy][1:3]}E{number}DEM"
    address = instance.casier(
        "account", "create", "--academy", academy, "--given-name", "Théo", "--family-name", family,
        "--school", UAI[academy], "--function", "ENS", "--birth-date", "17/09/1992", "--numen-stdin",
        *BECAUSE, input=f"{numen}\n",
    ).strip()  # fmt: skip
    (sheet,) = instance.json("account", "invite", address, *BECAUSE)
    return Newcomer(academy, numen, address, sheet["secret"], family)


@dataclass
class Answering:
    """What a newcomer does on each page of the way in, in one browser page."""

    page: Any
    instance: RunningInstance
    who: Newcomer
    script: bool = True
    backup: str = field(default_factory=lambda: f"theo.{secrets.token_hex(4)}@laposte.example")

    # What `_application` read: codes of this application, later.
    application: str = ""
    # The codes on paper that the first factor brought.
    paper: list[str] = field(default_factory=list)

    def answer(self, path: str) -> None:
        """Do what the page at PATH asks, and go on."""
        page, who = self.page, self.who
        answers: dict[str, Callable[[], None]] = {
            "/activation/": self._begin,
            "/activation/naissance/": lambda: self._fill(jour="17", mois="9", annee="1992"),
            "/activation/nom/": lambda: self._fill(nom=who.family.upper()),
            "/connexion/": lambda: self._fill(identifiant=who.address, mot_de_passe=who.secret),
            "/activation/coordonnees/": lambda: page.click("button.main"),
            "/connexion/charte/": lambda: page.click("button[value=accord]"),
            "/connexion/mot-de-passe/": self._choose_password,
            "/connexion/secours/": lambda: self._fill(valeur=self.backup),
            "/connexion/secours/code/": lambda: self._fill(code=self._code()),
            "/connexion/second-facteur/inscrire/": self._choose_factor,
            "/connexion/second-facteur/inscrire/application/": self._application,
            "/activation/memo/": lambda: page.click("button.main"),
        }
        # Each answer leads to another page, be it of the same address.
        with page.expect_navigation(timeout=MAIL_AND_PAGE):
            answers.get(path, self._go_on)()

    def _go_on(self) -> None:
        self.page.click("main .main")

    def _begin(self) -> None:
        if self.page.locator("#numen").count():
            self._fill(numen=self.who.numen.lower())
        elif self.page.locator("#code").count():
            self._fill(code=self.who.secret.lower().replace("-", " "))
        else:
            self.page.click("main a.main")

    def _fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)
        self.page.click("main form button.main")

    def _choose_password(self) -> None:
        both = {"nouveau": PASSWORD} | ({"encore": PASSWORD} if not self.script else {})
        self._fill(**both)

    def _code(self) -> str:
        """The code that came to the backup address; the worker sends it."""

        def came() -> str:
            got = self.instance.json("demo", "phone", self.backup)
            found = (
                re.search(r"^ {4}([0-9 \u00a0\u202f]{6,12})$", got[0]["text"], re.MULTILINE) if got else None
            )
            return "".join(found[1].split()) if found else ""

        return wait_until("the code by mail", came)

    def _choose_factor(self) -> None:
        later = self.page.locator("form[action$='plus-tard/'] button")
        if later.count():
            later.click()
        else:
            self.page.click("a[href$='/application/']")

    def _application(self) -> None:
        if not self.page.locator(".factor-secret").count():  # the codes to keep, at the same address
            self.paper = self.page.locator(".factor-codes code").all_inner_texts()
            self.page.click("main form button.main")
            return
        self.application = self.page.locator(".factor-secret code").text_content().replace(" ", "")
        self._fill(code=pyotp.TOTP(self.application).now())
