"""On the road of activation: what is wrong about oneself, and the documents that one reads."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account
from casier.identity.activation.api import accept_all, publish
from casier.identity.activation.documents import BadDocument, due, in_force
from casier.identity.activation.models import Acceptance, CorrectionRequest, DocumentKind
from engines.activation_scene import CHARTER, DETAILS, at, post, rouen, show, theo
from engines.portal_scene import emptied, redis_server
from unit.identity_people import BY

__all__ = ["emptied", "redis_server", "rouen", "theo"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_what_is_wrong_is_kept_for_the_help_desk_and_the_road_goes_on(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    where = f"{DETAILS}signaler/"
    assert post(browser, where, inexact="name").status_code == 422
    assert post(browser, where, precision="x").status_code == 422
    answer = post(browser, where, inexact="name", precision="<b>Dambray</b>")
    row = CorrectionRequest.objects.get()
    assert (row.wrong, row.text, row.account) == (["name"], "<b>Dambray</b>", theo)
    assert row.reference in answer.content.decode()
    assert post(browser, DETAILS)["Location"] == CHARTER
    for _ in range(6):
        post(browser, where, inexact="other", precision="again")
    assert CorrectionRequest.objects.count() == 3


def test_both_documents_are_read_one_after_the_other(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    post(browser, DETAILS)
    page = browser.get(CHARTER, secure=True).content.decode()
    assert "Charte d’usage" in page
    assert "a changé" not in page
    assert "Académie de rouen" in page
    post(browser, CHARTER, document="charte", version="1", reponse="accord")
    assert "Notice de confidentialité" in browser.get(CHARTER, secure=True).content.decode()
    answer = post(browser, CHARTER, document="confidentialite", version="1", reponse="accord")
    assert answer["Location"] == "/connexion/mot-de-passe/"
    rows = {row.kind: row for row in Acceptance.objects.filter(account=theo)}
    assert set(rows) == set(DocumentKind)
    assert rows["charte"].source == "192.0.2.7"
    assert rows["charte"].digest == in_force(theo.academy)[DocumentKind.CHARTER].digest("fr")


def test_who_declines_is_out_with_a_reason(theo: Account) -> None:
    browser = at("rouen")
    show(browser)
    post(browser, DETAILS)
    answer = post(browser, CHARTER, document="charte", version="1", reponse="refus")
    assert "Votre boîte reste fermée" in answer.content.decode()
    assert browser.get(CHARTER, secure=True).status_code == 302
    assert not Acceptance.objects.exists()
    entry = JournalEntry.objects.get(action="document.declined")
    assert (entry.actor, entry.target, entry.origin) == (*[f"account:{theo.public_id}"] * 2, "192.0.2.7")
    assert entry.payload.facts == {"kind": "charte", "version": 1}
    assert show(at("rouen")).status_code == 302


def test_a_new_version_is_asked_again_where_it_says_so(theo: Account) -> None:
    rouen, now = theo.academy, timezone.now()
    accept_all(theo, BY, now)
    assert due(theo) == []
    said = {"fr": "# Charte\n\nMieux."}
    publish(rouen, DocumentKind.CHARTER, said, by=BY, reason="faute", now=now, reaccept=False)
    assert due(theo) == []
    publish(rouen, DocumentKind.CHARTER, {"fr": "# Charte\n\nAutre."}, by=BY, reason="CSA", now=now)
    assert [document.version for document in due(theo)] == [3]
    publish(
        rouen,
        DocumentKind.CHARTER,
        {"fr": "# Charte\n\nMot."},
        by=BY,
        reason="faute",
        now=now,
        reaccept=False,
    )
    assert [(document.version, document.asked_from) for document in due(theo)] == [(4, 3)]
    accept_all(theo, BY, now)
    assert due(theo) == []
    with pytest.raises(BadDocument):
        publish(rouen, DocumentKind.CHARTER, {"en": "# Charter\n\nx"}, by=BY, reason="", now=now)
    with pytest.raises(BadDocument):
        publish(rouen, DocumentKind.CHARTER, {"fr": "Sans titre"}, by=BY, reason="", now=now)


def test_documents_in_force_are_open_to_everyone(rouen: Academy) -> None:
    for kind in DocumentKind:
        answer = at("rouen").get(f"/documents/{kind.value}/", secure=True)
        assert answer.status_code == 200
        assert "script" not in answer.content.decode()
    assert at("rouen").get("/documents/autre/", secure=True).status_code == 404
    english = at("rouen").get("/documents/charte/", headers={"Accept-Language": "en"}, secure=True)
    assert "Charter of use" in english.content.decode()
    assert '<div lang="en">' in english.content.decode()
    publish(rouen, DocumentKind.CHARTER, {"fr": "# Charte\n\nMot."}, by=BY, reason="", now=timezone.now())
    french = at("rouen").get("/documents/charte/", headers={"Accept-Language": "en"}, secure=True)
    assert '<div lang="fr"><h1>Charte</h1>' in french.content.decode()
