"""The contacts of the classes that one teaches or whose school one runs, to write to them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casier.directory.errors import NotFound
from casier.feed.contacts.models import ContactKind
from casier.feed.contacts.showing import Contact, classes_of, contacts_of
from casier.portal.views.account import person_of, signed_in

# As many as the page that writes takes from one link.
MOST_IN_A_LINK = 100


@signed_in
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """One's classes, by school."""
    found = classes_of(person_of(request).account, timezone.now())
    schools = {one.uai: one.school for one in found}
    groups = [
        {"school": name, "classes": [one for one in found if one.uai == uai]} for uai, name in schools.items()
    ]
    return render(request, "portal/classes.html", {"groups": groups})


@signed_in
@require_safe
def one(request: HttpRequest, uai: str, name: str) -> HttpResponse:
    """A class: who may be written to. For others there is no such page."""
    account, now = person_of(request).account, timezone.now()
    try:
        found = contacts_of(account, uai, name, now)
    except NotFound as error:
        raise Http404 from error
    parents = [each for each in found if each.kind == ContactKind.PARENT]
    pupils = [each for each in found if each.kind == ContactKind.PUPIL]
    school = next(each.school for each in classes_of(account, now) if each.uai == uai)
    facts = {
        "school": school,
        "name": name,
        "parents": parents,
        "pupils": pupils,
        "to_parents": letters_to(parents),
        "to_pupils": letters_to(pupils),
    }
    return render(request, "portal/class.html", facts)


def letters_to(contacts: Sequence[Contact]) -> list[str]:
    """Links that begin a message to all of CONTACTS, who don't learn each other's addresses."""
    addresses = list(dict.fromkeys(each.address for each in contacts))
    parts = [addresses[at : at + MOST_IN_A_LINK] for at in range(0, len(addresses), MOST_IN_A_LINK)]
    return [
        "/courrier/?mailto=" + quote("mailto:?bcc=" + ",".join(map(quote, part)), safe="") for part in parts
    ]
