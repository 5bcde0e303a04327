"""Charter of use and privacy notice: which version is in force, who accepted what, who is to be asked.

Each academy begins with the texts shipped here (version 1) and publishes its own from version 2 on. What
people accepted is kept with the digest of the text that they saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.db import transaction
from django.db.models import Max, QuerySet
from markdown_it import MarkdownIt

from casier.audit.api import Actor, record
from casier.directory.models import Academy, Account
from casier.identity.activation.models import Acceptance, Document, DocumentKind
from casier.kernel.errors import CasierError

SHIPPED_VERSION = 1
LANGUAGES = ("fr", "en")
LONGEST = 100_000
_TEXTS = Path(__file__).parent / "texts"


class BadDocument(CasierError):
    """Not a document that can be published: French is needed, a title first, and not a book."""

    code = "bad_document"


@dataclass(frozen=True, slots=True)
class InForce:
    """The version of a document that counts, in its languages (Markdown). `since`: None for the shipped
    text.
    """

    kind: DocumentKind
    version: int
    asked_from: int  # who accepted an earlier version than this is asked again
    texts: Mapping[str, str]
    academy: str
    since: datetime | None = None

    def spoken(self, language: str) -> str:
        """The language in which who reads LANGUAGE reads it: the same, else French."""
        short = language.partition("-")[0]
        return short if self.texts.get(short) else "fr"

    def text(self, language: str) -> str:
        """The text in LANGUAGE, else in French, with the academy's name where it says `{academie}`."""
        return self.texts[self.spoken(language)].replace("{academie}", self.academy)

    def title(self, language: str) -> str:
        return _split(self.text(language))[0]

    def html(self, language: str) -> str:
        """The text without its title, as HTML that can do nothing: no tags, images or scripts of its own."""
        return _rendered(_split(self.text(language))[1])

    def digest(self, language: str) -> str:
        return hashlib.sha256(self.text(language).encode()).hexdigest()


def in_force(academy: Academy) -> dict[DocumentKind, InForce]:
    """The documents of ACADEMY that count now."""
    rows = Document.objects.filter(academy=academy).order_by("version")
    by_kind: dict[DocumentKind, list[Document]] = {kind: [] for kind in DocumentKind}
    for row in rows:
        by_kind[DocumentKind(row.kind)].append(row)
    return {kind: _newest(kind, found, academy) for kind, found in by_kind.items()}


def due(account: Account) -> list[InForce]:
    """What ACCOUNT's person has to read and accept before the mailbox opens, in order."""
    accepted = dict(
        Acceptance.objects.filter(account=account)
        .values_list("kind")
        .annotate(newest=Max("version"))
        .values_list("kind", "newest")
    )
    return [
        document
        for kind, document in in_force(account.academy).items()
        if accepted.get(kind.value, 0) < document.asked_from
    ]


def accept(account: Account, document: InForce, language: str, *, by: Actor, now: datetime) -> None:
    """Keep that ACCOUNT's person accepted this version; a second time changes nothing."""
    with transaction.atomic():
        _, new = Acceptance.objects.get_or_create(
            account=account,
            kind=document.kind,
            version=document.version,
            defaults={
                "digest": document.digest(language),
                "language": language[:5],
                "accepted_at": now,
                "source": by.origin[:45],
            },
        )
        if new:
            record(
                by, "document.accepted", f"account:{account.public_id}", "",
                academy=account.academy.slug, at=now, kind=document.kind.value, version=document.version,
            )  # fmt: skip


def decline(account: Account, document: InForce, *, by: Actor, now: datetime) -> None:
    """Write down that ACCOUNT's person declined: the help desk sees why a mailbox stays closed."""
    with transaction.atomic():
        record(
            by, "document.declined", f"account:{account.public_id}", "",
            academy=account.academy.slug, at=now, kind=document.kind.value, version=document.version,
        )  # fmt: skip


def accept_all(account: Account, by: Actor, now: datetime) -> None:
    """Accept for ACCOUNT what is in force: for people of a demonstration, and for tests."""
    for document in due(account):
        accept(account, document, "fr", by=by, now=now)


def publish(
    academy: Academy,
    kind: DocumentKind,
    texts: Mapping[str, str],
    *,
    by: Actor,
    reason: str,
    now: datetime,
    reaccept: bool = True,
) -> Document:
    """Put a version in force; who accepted an earlier one is asked again when REACCEPT. Raises
    BadDocument.
    """
    checked = _checked(texts)
    with transaction.atomic():
        locked = Academy.objects.select_for_update().get(pk=academy.pk)
        last = Document.objects.filter(academy=locked, kind=kind).aggregate(last=Max("version"))["last"]
        row = Document.objects.create(
            academy=locked,
            kind=kind,
            version=(last or SHIPPED_VERSION) + 1,
            texts=checked,
            published_at=now,
            reaccept=reaccept,
        )
        record(
            by, "document.published", f"academy:{locked.slug}", reason,
            academy=locked.slug, at=now, kind=kind.value, version=row.version, reaccept=reaccept,
        )  # fmt: skip
    return row


def acceptances(account: Account) -> QuerySet[Acceptance]:
    """What ACCOUNT's person accepted, the newest first."""
    return Acceptance.objects.filter(account=account).order_by("-accepted_at")


def _newest(kind: DocumentKind, rows: Iterable[Document], academy: Academy) -> InForce:
    found = list(rows)
    asked_from = max([row.version for row in found if row.reaccept], default=SHIPPED_VERSION)
    if not found:
        return InForce(kind, SHIPPED_VERSION, asked_from, _shipped(kind), academy.name)
    last = found[-1]
    return InForce(kind, last.version, asked_from, last.texts, academy.name, last.published_at)


@cache
def _shipped(kind: DocumentKind) -> Mapping[str, str]:
    return {language: (_TEXTS / f"{kind.value}.{language}.md").read_text("utf-8") for language in LANGUAGES}


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    if "fr" not in texts:
        raise BadDocument("A document needs its French text.", missing="fr")
    for language, text in texts.items():
        title, body = _split(text)
        if language not in LANGUAGES or not title or not body.strip() or len(text) > LONGEST:
            raise BadDocument(
                "A document begins with “# Title” and has a text below.", language=language, most=LONGEST
            )
    return {language: text.replace("\r\n", "\n") for language, text in texts.items()}


def _split(text: str) -> tuple[str, str]:
    """The title and what is below it; an empty title where there is none."""
    head, _, rest = text.lstrip("\ufeff\n").partition("\n")
    return (head.removeprefix("# ").strip(), rest) if head.startswith("# ") else ("", text)


@lru_cache(maxsize=64)
def _rendered(text: str) -> str:
    """Markdown as HTML: tags in it show as text, links lead to the web or a mailbox, nothing is loaded."""
    safe = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    html: str = safe.render(text)
    return html
