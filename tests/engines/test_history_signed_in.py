"""« It wasn't me » by who is signed in: days, lines, and what becomes of this session."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casier.directory.models import Account, AccountState
from casier.identity import sessions
from casier.identity.api import check_password, create_app_password, live_app_passwords
from casier.identity.history.api import Notice, SignInResult, note_sign_in, sign_ins, tell
from casier.identity.history.models import NoticeSent, Report
from casier.identity.means.models import Means
from casier.identity.models import User
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.secret import Secret
from engines.history_scene import Letters, active, letters, press, told, visit, way_back
from engines.portal_scene import (
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
    state_of,
)
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "letters", "redis_server", "way_back"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def prove_second_factor(browser: Client) -> None:
    """As after a second factor was shown a moment ago."""
    digest = sessions.digest_of(browser.cookies["__Host-casier"].value)
    state = state_of(browser)
    state.data[sessions.TERMS] |= {"proofs": ["pwd", "totp"], "proved_at": int(time.time())}
    redis().set(published.session_key(digest), state.dumps(), keepttl=True)


def came_in(account: Account, **more: Any) -> int:
    """Another sign-in, from elsewhere; its line."""
    note_sign_in(
        account, SignInResult.OPENED, academy=account.academy, source="203.0.113.9",
        device="Firefox, Windows", proofs=("pwd",), **more,
    )  # fmt: skip
    return sign_ins(account)[0].pk


def test_the_page_shows_the_days_and_hides_nobody_elses(claire: Account, browser: Client) -> None:
    claire = active(claire)
    sign_in(browser)
    other = came_in(active(person(claire.academy, "Paul", "Martin", PASSWORD)))
    line = came_in(claire)
    page = browser.get("/compte/activite/", secure=True).content.decode()
    assert f"/compte/activite/connexion/{line}/" in page
    assert "Firefox, Windows, hors du réseau de l’académie (adresse 203.0.113.9)" in page
    assert "cette session" in page
    assert f"/connexion/{other}/" not in page
    assert browser.get(f"/compte/activite/connexion/{other}/", secure=True).status_code == 404
    assert browser.post(f"/compte/activite/connexion/{other}/", secure=True).status_code == 404
    assert browser.get(f"/compte/activite/?avant={other}", secure=True).status_code == 200


def test_the_page_asks_no_more_of_the_database_for_more_lines(claire: Account, browser: Client) -> None:
    claire = active(claire)
    sign_in(browser)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/compte/activite/", secure=True)
        return len(captured)

    few = asked()
    for number in range(30):
        came_in(claire)
        with transaction.atomic():
            tell(claire, Notice.APP_PASSWORD_WAITS, {"name": str(number), "id": str(number)})
    assert asked() <= few + 1


def test_nobody_signed_in_sees_nothing(claire: Account) -> None:
    line = came_in(active(claire))
    for path in ("", f"connexion/{line}/", "mot-de-passe/"):
        answer = new_browser().get(f"/compte/activite/{path}", secure=True)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion/")


def test_a_session_with_the_password_alone_ends_as_well(
    claire: Account, browser: Client, way_back: Means
) -> None:
    """It may be the thief's, who disowns its owner to stay alone inside."""
    claire = active(claire)
    sign_in(browser)
    line = came_in(claire)
    ask = browser.get(f"/compte/activite/connexion/{line}/", secure=True).content.decode()
    assert "Vous serez aussi déconnecté ici" in ask
    page = browser.post(f"/compte/activite/connexion/{line}/", secure=True)
    assert "Votre compte est protégé" in page.content.decode()
    assert not signed_in(browser)
    assert not check_password(claire, Secret(PASSWORD))


def test_a_session_with_a_fresh_second_factor_stays_and_chooses_a_new_password(
    claire: Account, browser: Client, way_back: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casier.portal.activity import protecting

    monkeypatch.setattr(protecting, "usable_methods", lambda _account: ("totp",))
    claire = active(claire)
    thief = new_browser()
    sign_in(thief)
    sign_in(browser)
    prove_second_factor(browser)
    line = came_in(claire)
    answer = browser.post(f"/compte/activite/connexion/{line}/", secure=True)
    assert answer["Location"] == "/compte/activite/mot-de-passe/"
    assert signed_in(browser)
    assert not signed_in(thief)
    assert not check_password(claire, Secret(PASSWORD))
    assert claire.state == AccountState.ACTIVE
    fresh = "cerise-Lagon-58-falaise"
    answer = browser.post("/compte/activite/mot-de-passe/", {"nouveau": fresh}, secure=True)
    assert answer["Location"] == "/compte/activite/"
    assert check_password(claire, Secret(fresh))
    assert signed_in(browser)
    # It is for who has none: any other change asks for the present one.
    assert browser.get("/compte/activite/mot-de-passe/", secure=True)["Location"] == "/compte/mot-de-passe/"


def test_the_new_password_page_is_for_who_showed_a_second_factor(claire: Account, browser: Client) -> None:
    active(claire)
    sign_in(browser)
    user = User.objects.get(account=claire)
    user.set_unusable_password()
    User.objects.filter(account=claire).update(password=user.password)
    state = state_of(browser)
    assert state.data[SESSION_KEY]
    answer = browser.post(
        "/compte/activite/mot-de-passe/", {"nouveau": "cerise-Lagon-58-falaise"}, secure=True
    )
    assert answer.status_code == 302
    assert not check_password(claire, Secret("cerise-Lagon-58-falaise"))


def test_a_notice_is_disowned_in_the_list_too_and_once(
    claire: Account, browser: Client, letters: Letters
) -> None:
    claire = active(claire)
    token = told(claire, letters, Notice.LOCKED)
    sign_in(browser)
    notice = NoticeSent.objects.get(notice=Notice.LOCKED)
    there = f"/compte/activite/avis/{notice.id}/"
    # As the list itself leads there.
    assert f'href="{there}"' in browser.get("/compte/activite/", secure=True).content.decode()
    assert browser.get(there, secure=True).status_code == 200
    for _ in range(2):
        answer = browser.post(there, secure=True)
        assert answer["Location"] == "/compte/activite/"
    assert Report.objects.count() == 1
    assert "a déjà servi" in visit(new_browser(), token).content.decode()


def test_a_waiting_program_is_refused_and_nothing_else(
    claire: Account, browser: Client, letters: Letters
) -> None:
    claire = active(claire)
    made = create_app_password(claire, "Tablette", BY).row
    create_app_password(claire, "Téléphone", BY)
    sign_in(browser)
    press(new_browser(), told(claire, letters, Notice.APP_PASSWORD_WAITS, what="Outlook", id=made.id.hex))
    assert [row.name for row in live_app_passwords(claire)] == ["Téléphone"]
    assert signed_in(browser)
