"""What a line of the table of retention is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import inspect

from casier.kernel.words import Words
from casier.policies.api import Policy

Eraser = Callable[[datetime], int]


class Basis(StrEnum):
    """Why it may be kept at all."""

    DUTY = "duty"  # art. 6.1.e: a task in the public interest
    LAW = "law"  # art. 6.1.c: a legal obligation
    LOGS = "logs"  # CNIL, délibération 2021-122: six months to a year
    CONTROL = "control"  # the same: up to three years for internal control
    PROOF = "proof"  # art. 5.2 and 17.3.e: to show what was done
    CHOICE = "choice"  # art. 6.1.e: a service that the person uses, and stops using


class Ends(StrEnum):
    """What sets the end."""

    FIXED = "fixed"  # the product, the same everywhere
    LAW = "law"  # a time that the law sets
    POLICY = "policy"  # the academy's policy
    ACCOUNT = "account"  # the purge of the account
    PERSON = "person"  # the reservation of the last address of somebody who was purged
    RULED = "ruled"  # what it is about: the mailbox, the school, the version in force
    STORE = "store"  # the engine that holds it


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: where it is, how long it stays and why, and what erases it.

    MODELS: labels of the tables. KEPT: the time where it is the same everywhere; BY: the policy's.
    """

    code: str
    title: Words
    models: tuple[str, ...]
    ends: Ends
    basis: Basis
    why: Words
    kept: timedelta | None = None
    by: Callable[[Policy], int] | None = None
    setting: str = ""  # the name of the policy's field
    eraser: Eraser | None = None
    # Why no policy sets it otherwise.
    firm: Words | None = None

    def days(self, policy: Policy) -> int | None:
        """How many days it is kept where POLICY is in force; None: until something else ends."""
        if self.by is not None:
            return self.by(policy)
        return self.kept.days if self.kept is not None else None

    def bounds(self) -> tuple[int, int] | None:
        """Between what the policy may set it, where it does."""
        if not self.setting:
            return None
        section, _dot, name = self.setting.partition(".")
        info = inspect.type_info(type(getattr(Policy(), section)))
        assert isinstance(info, inspect.StructType)  # noqa: S101  a policy is made of structs
        kind = next(field.type for field in info.fields if field.name == name)
        if not isinstance(kind, inspect.IntType) or kind.ge is None or kind.le is None:
            return None
        return kind.ge, kind.le


ENDS_WORDS: dict[Ends, Words] = {
    Ends.FIXED: ("fixé par le produit", "set by the product"),
    Ends.LAW: ("fixé par la loi", "set by the law"),
    Ends.POLICY: ("fixé par la politique de l’académie", "set by the academy’s policy"),
    Ends.ACCOUNT: ("tant que le compte existe", "as long as the account"),
    Ends.PERSON: (
        "jusqu’à la fin de la réservation de l’adresse",
        "until the address is no longer kept from others",
    ),
    Ends.RULED: ("tant que dure ce dont il s’agit", "as long as what it is about"),
    Ends.STORE: ("fixé dans le moteur", "set in the engine"),
}
BASIS_WORDS: dict[Basis, Words] = {
    Basis.DUTY: (
        "mission d’intérêt public (RGPD, art. 6.1.e)",
        "task in the public interest (GDPR, art. 6.1.e)",
    ),
    Basis.LAW: ("obligation légale (RGPD, art. 6.1.c)", "legal obligation (GDPR, art. 6.1.c)"),
    Basis.LOGS: (
        "journaux d’accès : six mois à un an (CNIL, délibération 2021-122)",
        "access logs: six months to a year (CNIL, resolution 2021-122)",
    ),
    Basis.CONTROL: (
        "journal de contrôle interne : trois ans au plus (CNIL, délibération 2021-122)",
        "journal of internal control: three years at most (CNIL, resolution 2021-122)",
    ),
    Basis.PROOF: (
        "preuve de ce qui a été fait (RGPD, art. 5.2 et 17.3.e)",
        "proof of what was done (GDPR, art. 5.2 and 17.3.e)",
    ),
    Basis.CHOICE: (
        "service que la personne utilise (RGPD, art. 6.1.e)",
        "a service that the person uses (GDPR, art. 6.1.e)",
    ),
}
