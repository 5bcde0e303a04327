"""What a policy was before: each version with what it changed, as a file, and the way back to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.drafting import called, deviation_words, preview, rows_of
from casier.console.fields import in_words
from casier.console.forms import Form, page
from casier.console.wording import actor_words
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.policies import api as policies
from casier.policies.api import Policy, PolicyRevision


@console
@require_safe
def one(request: HttpRequest, desk: Desk, slug: str, number: int) -> HttpResponse:
    """One version: what it changed, and what sets it apart from what is in force."""
    academy = desk.academy(slug, Ability.SEE_POLICY)
    row = _version(academy, number)
    policy, now = policies.policy_of_revision(row), policies.policy_for(academy)
    latest = policies.revisions(academy)[0].number == number
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "row": row,
        "who": actor_words(row.actor),
        "latest": latest,
        "changed": rows_of(_before(academy, row), policy),
        "apart": [] if latest else rows_of(now, policy),
        "deviations": [deviation_words(found) for found in policies.deviations(policy)],
        "contradictions": _contradictions(academy, policy),
        "may_change": desk.may(Ability.SET_POLICY, academy),
    }
    return page(request, desk, "policy_version", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD"])
def again(request: HttpRequest, desk: Desk, slug: str, number: int) -> HttpResponse:
    """Back to an earlier version, by the page that shows what changes: it is checked by today's rules."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    policy = policies.policy_of_revision(_version(academy, number))
    if policies.contradictions_in(academy, policy):
        return one(request, slug=slug, number=number)
    return preview(request, desk, academy, policy, Form())


@console
@require_safe
def as_file(_request: HttpRequest, desk: Desk, slug: str, number: int = 0) -> HttpResponse:
    """A version as TOML, which the command line and the page « Remplacer » take; 0: what is in force."""
    academy = desk.academy(slug, Ability.SEE_POLICY)
    if number:
        policy, name = policies.policy_of_revision(_version(academy, number)), f"{academy.slug}-{number}"
    else:
        policy, name = policies.policy_for(academy), academy.slug
    answer = HttpResponse(policies.as_toml(policy), content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="politique-{name}.toml"'
    return answer


def _version(academy: Academy, number: int) -> PolicyRevision:
    row = next((row for row in policies.revisions(academy) if row.number == number), None)
    if row is None:
        raise NotWithin("No such version.")
    return row


def _before(academy: Academy, row: PolicyRevision) -> Policy:
    earlier = next((one for one in policies.revisions(academy) if one.number < row.number), None)
    return policies.policy_of_revision(earlier) if earlier else Policy()


def _contradictions(academy: Academy, policy: Policy) -> list[str]:
    return [
        called(found.field, in_words((found.french, found.reason)))
        for found in policies.contradictions_in(academy, policy)
    ]
