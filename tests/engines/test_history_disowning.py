"""« It wasn't me » by the link of a notice: attacked, and used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casier.directory.actions.accounts import close
from casier.directory.models import Account, AccountState
from casier.identity.api import check_password, create_app_password, live_app_passwords
from casier.identity.factors.models import Totp
from casier.identity.history.api import Notice, refusal_with
from casier.identity.history.models import Disavowal, Report
from casier.identity.means.models import Means
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.secret import Secret
from engines.history_scene import Letters, active, backup_address, letters, press, told, visit, way_back
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "letters", "redis_server", "way_back"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_a_look_changes_nothing(claire: Account, browser: Client, letters: Letters) -> None:
    """Scanners of mail open every link."""
    sign_in(browser)
    token = told(active(claire), letters)
    stranger = new_browser()
    for _ in range(3):
        page = visit(stranger, token)
        assert page.status_code == 200
        assert stranger.head(f"/securite/{token}/", secure=True).status_code == 200
    assert signed_in(browser)
    assert check_password(claire, Secret(PASSWORD))
    assert not Report.objects.exists()
    assert "Protéger mon compte" in page.content.decode()
    assert "Le mot de passe actuel ne sert plus" in page.content.decode()


def test_the_page_tells_nothing_that_the_mail_did_not(claire: Account, letters: Letters) -> None:
    page = visit(new_browser(), told(active(claire), letters)).content.decode()
    assert "Lefèvre" not in page
    assert "claire" not in page.lower()
    assert "203.0.113.9" not in page


def test_the_link_protects(claire: Account, browser: Client, letters: Letters, way_back: Means) -> None:
    claire = active(claire)
    before = create_app_password(claire, "Téléphone", BY).row
    type(before).objects.update(created_at=timezone.now() - timedelta(days=3))
    sign_in(browser)
    token = told(claire, letters)
    create_app_password(claire, "Outlook", BY)
    waiting = redis().pubsub(ignore_subscribe_messages=True)
    waiting.subscribe(published.CHANNEL_ENDED)
    waiting.get_message(timeout=1)

    page = press(new_browser(), token)

    assert "Votre compte est protégé" in page.content.decode()
    assert "Outlook" in page.content.decode()
    assert not signed_in(browser)
    assert not check_password(claire, Secret(PASSWORD))
    assert [row.name for row in live_app_passwords(claire)] == ["Téléphone"]
    heard = [message["data"] for _ in range(20) if (message := waiting.get_message(timeout=0.05))]
    assert f"{claire.public_id} {published.ENDED_CONNECTIONS}" in heard
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE  # there is a way back: the help desk isn't needed
    assert 'href="/oubli/"' in page.content.decode()
    assert sign_in(new_browser()).status_code == 422


def test_without_a_way_back_the_account_is_suspended(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    page = press(new_browser(), told(claire, letters)).content.decode()
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    assert "Appelez l’assistance" in page


def test_what_a_thief_wrote_down_is_no_way_back(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    token = told(claire, letters)
    theirs = backup_address(claire, "thief@laposte.net")
    page = press(new_browser(), token).content.decode()
    theirs.refresh_from_db()
    assert theirs.removed_at is not None
    assert theirs.hint in page
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED


def test_what_a_thief_enrolled_is_gone_and_named(claire: Account, letters: Letters, way_back: Means) -> None:
    claire = active(claire)
    made = {"account": claire, "secret_sealed": b"x", "created_at": timezone.now() - timedelta(days=9)}
    Totp.objects.create(**made, name="Téléphone de Claire")
    token = told(claire, letters)
    Totp.objects.create(**made | {"created_at": timezone.now()}, name="Téléphone du voleur")
    page = press(new_browser(), token).content.decode()
    assert [row.name for row in Totp.objects.filter(account=claire)] == ["Téléphone de Claire"]
    assert "Téléphone du voleur" in page
    assert ["revoke_since", "totp", "Téléphone du voleur"] in Report.objects.get().done


def test_of_two_at_once_one_reports(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    begin = Barrier(2)

    def both(_: int) -> bool:
        begin.wait()
        try:
            return "Votre compte est protégé" in press(new_browser(), token).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(both, range(2)))
    assert outcomes == [False, True]
    assert Report.objects.count() == 1


def test_a_means_from_before_stays(claire: Account, letters: Letters, way_back: Means) -> None:
    press(new_browser(), told(active(claire), letters))
    way_back.refresh_from_db()
    assert way_back.removed_at is None


def test_after_a_change_the_account_is_suspended_whatever_its_means(
    claire: Account, letters: Letters, way_back: Means
) -> None:
    claire = active(claire)
    press(new_browser(), told(claire, letters, Notice.MEANS_CHANGED, what="mail"))
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED


def test_wrong_guesses_shut_nobody_out(claire: Account, browser: Client, letters: Letters) -> None:
    """Whoever makes Claire afraid must not gain that she locks herself out."""
    sign_in(browser)
    page = press(new_browser(), told(active(claire), letters, Notice.LOCKED)).content.decode()
    assert "Personne n’était entré" in page
    assert signed_in(browser)
    assert check_password(claire, Secret(PASSWORD))
    assert Report.objects.get().event == "try"


def test_a_link_works_once_and_says_so(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    press(new_browser(), token)
    for answer in (press(new_browser(), token), visit(new_browser(), token)):
        assert "Ce lien a déjà servi" in answer.content.decode()
    assert Report.objects.count() == 1


def test_all_links_of_a_notice_are_used_by_one(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    outside = letters.backup[-1][1]
    other = outside.link[1].rstrip("/").rpartition("/")[2]
    assert other != token
    press(new_browser(), other)
    assert "a déjà servi" in press(new_browser(), token).content.decode()
    assert Report.objects.get().road == "mail"


def test_over_unknown_and_invented_links_look_alike(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    Disavowal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    pages = []
    for tried in (token, "A" * 43, "x", "é" * 40, "B" * 5000):
        for answer in (visit(new_browser(), tried), press(new_browser(), tried)):
            assert answer.status_code == 404
            page = answer.content.decode()
            reference = page.partition("<code>")[2].partition("</code>")[0]
            found = refusal_with(reference)
            assert found is not None
            assert found.refusal.account is None
            pages.append(page.replace(reference, ""))
    assert len({page.replace("/securite/", "") for page in pages}) == 1
    assert not Report.objects.exists()


def test_a_link_lives_seven_days(claire: Account, letters: Letters) -> None:
    told(active(claire), letters)
    for link in Disavowal.objects.all():
        assert link.expires_at - link.made_at == timedelta(days=7)


def test_the_token_lies_nowhere(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    press(new_browser(), token)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall()), table


def test_a_link_of_a_closed_account_opens_nothing(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    close(claire, by=BY, reason="tests", now=timezone.now())
    assert visit(new_browser(), token).status_code == 404
    assert press(new_browser(), token).status_code == 404


def test_another_site_cannot_press_the_button(claire: Account, letters: Letters) -> None:
    token = told(active(claire), letters)
    strict = Client(enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443"})
    assert strict.post(f"/securite/{token}/", secure=True).status_code == 403
    assert not Report.objects.exists()


def test_someone_elses_session_is_left_alone(claire: Account, browser: Client, letters: Letters) -> None:
    """A colleague follows the link on their own computer: their own session has nothing to do with it."""
    paul = active(person(claire.academy, "Paul", "Martin", PASSWORD))
    sign_in(browser, "paul.martin")
    press(browser, told(active(claire), letters))
    assert signed_in(browser)
    paul.refresh_from_db()
    assert paul.state == AccountState.ACTIVE
