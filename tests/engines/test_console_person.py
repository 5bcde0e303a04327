"""A person's page in the console: what they asked to be put right, what was sent to them, told once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casier.console.person import as_plain, person_of
from casier.directory.models import Academy, Account, Office
from casier.identity.activation.api import ask_correction, settle_correction
from casier.identity.activation.models import CorrectionRequest, Wrong
from casier.identity.dispatch.fate import Fate
from casier.identity.dispatch.models import Dispatch, Kind
from casier.identity.history.models import NoticeSent
from engines.console_scene import claire, get, holder, open_doors, page_of, post, rouen, said
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def asked(account: Account) -> CorrectionRequest:
    return ask_correction(
        account, [Wrong.NAME, Wrong.SCHOOL], "Lefebvre, au lycée", by=BY, now=timezone.now()
    )


@pytest.mark.parametrize(
    ("issue", "accepted", "words"),
    [("corrigee", True, "a été corrigé"), ("refusee", False, "rien n’a été modifié")],
)
def test_what_is_wrong_is_found_answered_and_told(
    rouen: Academy, claire: Account, issue: str, accepted: bool, words: str
) -> None:
    row, visitor = asked(claire), holder(rouen, Office.HELP_DESK)
    path = f"/console/corrections/{row.reference}/"
    assert "1 correction à faire" in said(get(visitor, "/console/"))
    assert "le nom ou le prénom, l’établissement" in said(get(visitor, "/console/demandes/"))
    assert path in get(visitor, page_of(claire)).content.decode()
    assert post(visitor, path, motif="", issue=issue).status_code == 422
    assert post(visitor, path, motif="Vu à la source").status_code == 422
    assert post(visitor, path, motif="Vu à la source", issue=issue).status_code == 302
    row.refresh_from_db()
    assert (row.accepted, row.answer) == (accepted, "Vu à la source")
    notice = NoticeSent.objects.get(account=claire, notice="correction")
    assert (notice.facts["reason"], bool(notice.facts.get("accepted"))) == ("Vu à la source", accepted)
    page = said(get(visitor, path))
    assert "Vu à la source" in page
    assert post(visitor, path, motif="Encore", issue=issue).status_code == 422
    assert NoticeSent.objects.filter(account=claire, notice="correction").count() == 1


def test_nobody_answers_their_own_request(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    me = Account.objects.get(person__family_name="Agent")
    row = asked(me)
    assert (
        post(visitor, f"/console/corrections/{row.reference}/", motif="x", issue="corrigee").status_code
        == 422
    )
    row.refresh_from_db()
    assert row.settled_at is None
    settle_correction(row, "vu", accepted=False, by=BY, now=timezone.now())


def test_a_reset_that_also_unlocks_is_told_once(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, Office.HELP_DESK)
    answer = post(
        visitor, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"]
    )
    assert answer.status_code == 200
    told = NoticeSent.objects.filter(account=claire, notice="help_desk")
    assert [row.facts["what"] for row in told] == ["password"]


def test_what_was_sent_and_how_far_it_is_can_be_seen(rouen: Academy, claire: Account) -> None:
    now = timezone.now()
    for fate in Fate:
        Dispatch.objects.create(
            account=claire, academy=rouen, kind=Kind.SMS, why="code", hint="06 •• •• •• 12", state=fate,
            created_at=now, due_at=now, to_sealed=b"sealed", content_sealed=b"sealed",
        )  # fmt: skip
    page = said(get(holder(rouen, Office.HELP_DESK), page_of(claire)))
    for words in ("en attente", "envoi en cours", "envoyé", "échec", "incertain", "06 •• •• •• 12"):
        assert words in page
    assert "doubtful" not in page
    shown = as_plain(person_of(claire))["dispatches"]
    assert {one["state"] for one in shown} == {fate.value for fate in Fate}
    assert {"kind", "to", "why", "state", "at"} <= set(shown[0])
    assert "sealed" not in str(shown)
