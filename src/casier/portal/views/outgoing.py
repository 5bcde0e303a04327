"""The page before a link that isn't what it seems: where it goes, why we ask, and the choice."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casier.portal.views.account import signed_in

LONGEST = 8000


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    leads: str
    onward: str
    close: str
    whole: str
    reasons: dict[str, str]


FRENCH = _Words(
    "Ouvrir ce lien ?",
    "Ce lien mène à",
    "Ouvrir quand même",
    "Pour revenir au message, fermez cet onglet.",
    "Adresse complète",
    {
        "elsewhere": "Le texte du lien nomme un autre site.",
        "lookalike": "Ce nom ressemble à celui d’un site de l’éducation nationale, mais n’en est pas un.",
        "letters": "Ce nom contient des lettres d’autres alphabets, qui imitent parfois les nôtres.",
        "address": "Le site n’a pas de nom, seulement une adresse chiffrée : c’est inhabituel.",
        "userinfo": "Le début de l’adresse imite un nom de site ; le vrai nom est écrit en gras ci-dessus.",
        "short": "Ce service d’adresses courtes mène à un autre site, que l’on ne voit pas encore.",
        "port": "L’adresse désigne un accès inhabituel de ce site.",
    },
)
ENGLISH = _Words(
    "Open this link?",
    "This link leads to",
    "Open anyway",
    "To return to the message, close this tab.",
    "Full address",
    {
        "elsewhere": "The words of the link name another site.",
        "lookalike": "This name looks like that of a site of the education authorities, but is not one.",
        "letters": "This name holds letters of other alphabets, which may imitate ours.",
        "address": "The site has no name, only a numeric address, which is unusual.",
        "userinfo": "The beginning of the address imitates a site’s name; the real one is in bold above.",
        "short": "This short-link service leads to another site, which cannot be seen yet.",
        "port": "The address names an unusual entrance of this site.",
    },
)


@signed_in
@require_safe
def outgoing(request: HttpRequest) -> HttpResponse:
    """Say in clear where a link leads. Only for who is signed in: no outsider borrows our name."""
    url = request.GET.get("vers", "")
    host = host_of(url)
    if host is None:
        raise Http404
    words = ENGLISH if (get_language() or "fr").startswith("en") else FRENCH
    asked = request.GET.get("pour", "").split(",")
    facts = {
        "words": words,
        "url": url,
        "host": in_letters(host),
        "ascii": host if in_letters(host) != host else "",
        "reasons": [words.reasons[reason] for reason in words.reasons if reason in asked],
    }
    answer = render(request, "portal/outgoing.html", facts)
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def host_of(url: str) -> str | None:
    """The host of an address of the web; None for anything else."""
    if len(url) > LONGEST or any(ord(sign) <= 32 for sign in url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in ("http", "https") and host else None


def in_letters(host: str) -> str:
    """HOST with its labels of other alphabets as they are drawn (RFC 3492)."""
    try:
        return ".".join(_drawn(label) for label in host.split("."))
    except UnicodeError:
        return host


def _drawn(label: str) -> str:
    return label[4:].encode("ascii").decode("punycode") if label.lower().startswith("xn--") else label
