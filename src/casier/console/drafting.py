"""A policy on its way: from what was typed to the page that shows what it changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.effects import touched
from casier.console.fields import in_words
from casier.console.forms import Form, page
from casier.directory.models import Academy
from casier.policies import api as policies
from casier.policies.api import BadPolicy, Contradiction, Deviation, Policy
from casier.policies.shipped import LONGEST_FILE
from casier.policies.words import FIELDS, value_words

TOML, FILE = "toml", "fichier"


def version_of(academy: Academy) -> int:
    """The version in force; 0 where none was adopted."""
    rows = policies.revisions(academy)
    return rows[0].number if rows else 0


def drafted(values: dict[str, Any], form: Form) -> Policy | None:
    """A policy of VALUES, which may contradict itself; None with the reason where it is none."""
    try:
        return policies.drafted(values)
    except BadPolicy as error:
        note(error.contradictions, form)
        return None


def text_of(request: HttpRequest, form: Form) -> bytes:
    """The policy that was uploaded or pasted; nothing where neither was."""
    sent = request.FILES.get(FILE)
    if sent is None or isinstance(sent, list):
        return str(form.values.get(TOML, "")).encode()
    return bytes(sent.read(LONGEST_FILE + 1))


def of_text(text: bytes, form: Form) -> Policy | None:
    """The policy that TEXT says, which may contradict itself; None with the reason where it says none."""
    try:
        return policies.draft_toml(text)
    except BadPolicy as error:
        note(error.contradictions, form, named=True)
        return None


def contradicted(policy: Policy, form: Form, academy: Academy | None = None, *, named: bool = False) -> bool:
    """Whether POLICY contradicts itself, or what ACADEMY has; the form then says where and why."""
    found = policies.contradictions_in(academy, policy) if academy else policies.contradictions(policy)
    note(found, form, named=named)
    return bool(found)


def note(found: list[Contradiction], form: Form, *, named: bool = False) -> None:
    """Put what was found at its fields. NAMED: on a page that doesn't show them, which says their names."""
    for one in found:
        words = in_words((one.french, one.reason))
        if named:
            form.errors.setdefault(TOML, "")
            words = called(one.field, words)
            form.errors[TOML] = f"{form.errors[TOML]} {words}".strip()
        else:
            form.errors.setdefault(one.field or TOML, words)


def called(field: str, words: str) -> str:
    """WORDS with the label and the name of the field that they are about."""
    if not field:
        return f"{words[:1].upper()}{words[1:]}."
    label = in_words(FIELDS[field]) if field in FIELDS else ""
    name = f"{label} ({field})" if label else field
    return _("%(field)s : %(words)s.") % {"field": name, "words": words}


def rows_of(before: Policy, after: Policy) -> list[dict[str, str]]:
    """What differs, for a table."""
    return [
        {
            "label": in_words(FIELDS[one.field]),
            "name": one.field,
            "before": in_words(value_words(one.before, one.field)),
            "after": in_words(value_words(one.after, one.field)),
        }
        for one in policies.changes(before, after)
    ]


def deviation_words(one: Deviation) -> dict[str, str]:
    """What departs from guidance, with who says so."""
    return {
        "label": in_words(FIELDS[one.field]),
        "words": in_words((one.french, one.english)),
        "reference": one.reference,
    }


def preview(request: HttpRequest, desk: Desk, academy: Academy, wanted: Policy, form: Form) -> HttpResponse:
    """What changes, whom it touches, what then departs from guidance; the reason is asked here."""
    before = policies.policy_for(academy)
    known = policies.deviations(before)
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "changes": rows_of(before, wanted),
        "effects": [in_words((one.french, one.english)) for one in touched(academy, before, wanted)],
        "deviations": [deviation_words(one) for one in policies.deviations(wanted) if one not in known],
        "toml": policies.as_toml(wanted),
        "version": version_of(academy),
    }
    return page(request, desk, "policy_preview", facts, form)
