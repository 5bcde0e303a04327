"""A person's facts with the words that a page shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.around import Around
from casier.console.deeds import action_words, reason_words
from casier.console.many.words import role_words
from casier.console.measures import size_words
from casier.console.person import Person
from casier.console.schooling import posting_words
from casier.console.terms import dispatch_words, fate_words, why_words
from casier.console.wording import (
    actor_words,
    cause_words,
    method_words,
    office_words,
    part_words,
    result_words,
    state_words,
)
from casier.directory.mandates import Ability
from casier.directory.models import Posting


def shown(person: Person, desk: Desk) -> dict[str, Any]:
    """PERSON for the templates."""
    language = translation.get_language() or "fr"
    account = person.account
    return {
        "facts": person,
        "id": account.pk,
        "name": account.person.full_name,
        "address": person.address,
        "academy": account.academy.name,
        "state": state_words(account.state),
        "state_code": account.state,
        "is_self": account.pk == desk.account.pk,
        "causes": [cause_words(cause, language) for cause in person.causes],
        "postings": [_posting(row) for row in person.postings],
        "methods": [method_words(method, language) for method in person.methods],
        "sessions": [
            {"terms": one.terms, "seen": datetime.fromtimestamp(one.seen, UTC)} for one in person.sessions
        ],
        "sign_ins": [{"row": row, "result": result_words(row.result)} for row in person.sign_ins],
        "offices": [f"{office_words(row.office)} ({part_words(row)})" for row in person.mandates],
        "entries": [
            {
                "entry": row,
                "what": action_words(row.action),
                "who": actor_words(row.actor),
                "reason": reason_words(row.reason),
            }
            for row in person.entries
        ],
        "dispatches": [
            {
                "row": row,
                "kind": dispatch_words(row.kind),
                "why": why_words(row.why),
                "fate": fate_words(row.fate),
            }
            for row in person.dispatches
        ],
        "blocked": person.block is not None,
        "counts": _("Sessions ouvertes : %(sessions)d. Mots de passe d’application : %(programs)d.")
        % {"sessions": len(person.sessions), "programs": len(person.programs)},
    }


def around_shown(found: Around, desk: Desk) -> dict[str, Any]:
    """What stands around a person, for the templates."""
    size = found.size
    return {
        "facts": found,
        "used": size_words(size.used_bytes) if size else "",
        "limit": size_words(size.limit_bytes) if size and size.limit_bytes else "",
        "percent": found.percent,
        "looks": [{"at": row.at, "who": actor_words(row.actor)} for row in found.looks],
        "memberships": [{"row": row, "role": role_words(row.role)} for row in found.memberships],
        "coming": [_posting(row) for row in found.coming_postings],
        "past": [_posting(row) for row in found.past_postings],
        "may_groups": desk.may(Ability.SEE_GROUPS, desk.account.academy),
    }


def _posting(row: Posting) -> dict[str, Any]:
    school = row.school.name if row.school else ""
    return {
        "what": posting_words(row), "school": school, "starts_on": row.starts_on, "ends_on": row.ends_on
    }  # fmt: skip
