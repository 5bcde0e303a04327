"""The help desk's resets and letters: who may, who must agree, what is left afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.directory.models import Account, Mandate, Office, School
from casier.identity.factors.api import usable_methods
from casier.identity.history.models import NoticeSent
from casier.identity.models import PasswordKind, User
from casier.identity.recovery import api
from casier.identity.recovery.api import Check, LetterState, ResetState
from casier.kernel.errors import CasierError, NotAllowed
from engines.factors_scene import enrolled
from engines.portal_scene import claire, emptied, new_browser, redis_server, sign_in, signed_in
from engines.recovery_scene import NEW, choose_password, desk, outside, reachable, rules
from unit.identity_people import academy, person

__all__ = ["claire", "emptied", "outside", "reachable", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
CHECKED = (Check.CALLED_BACK, Check.POSTING)
ADDRESS = ("12 rue des Tilleuls", "76000 ROUEN")
WHY = "a perdu son téléphone"
OPERATOR = Actor.operator("root")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connection.close()


def test_a_reset_gives_a_password_that_opens_the_way_to_ones_own(reachable: Account) -> None:
    elsewhere = new_browser()
    sign_in(elsewhere)
    _, denis = desk(reachable.academy)
    outcome = api.start_reset(reachable, CHECKED, denis, WHY)
    assert outcome.reset.state == ResetState.DONE
    assert outcome.password is not None
    assert not signed_in(elsewhere)
    browser = new_browser()
    answer = sign_in(browser, password=outcome.password.reveal())
    assert answer.headers["Location"] == "/connexion/mot-de-passe/"
    assert not signed_in(browser)
    choose_password(browser, NEW)
    assert signed_in(browser)
    assert NoticeSent.objects.filter(account=reachable, notice="help_desk").exists()


def test_the_password_is_nowhere_but_in_the_answer(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    password = api.start_reset(reachable, CHECKED, denis, WHY).password
    assert password is not None
    kept = [str(row) for row in JournalEntry.objects.values("reason", "payload__facts")]
    kept += [str(row) for row in api.Reset.objects.values()]
    kept += [str(row) for row in NoticeSent.objects.values()]
    assert not any(password.reveal() in text for text in kept)
    with pytest.raises(api.WrongStep):
        api.take_password(api.Reset.objects.get().id.hex, denis)


@pytest.mark.parametrize(
    "checks",
    [(), (Check.CALLED_BACK,), (Check.CALLED_BACK, Check.CALLED_BACK), (Check.POSTING, Check.BIRTH_DATE)],
)
def test_an_identity_that_was_hardly_checked_is_not_enough(
    reachable: Account, checks: tuple[Check, ...]
) -> None:
    _, denis = desk(reachable.academy)
    with pytest.raises(api.NotEnoughChecks):
        api.start_reset(reachable, checks, denis, WHY)
    assert User.objects.get(account=reachable).password_kind == PasswordKind.OWN


def test_every_act_wants_a_reason(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    for act in (
        lambda: api.start_reset(reachable, CHECKED, denis, "  "),
        lambda: api.ask_letter(reachable, denis, "", address=ADDRESS),
    ):
        with pytest.raises(api.ReasonWanted):
            act()


def test_nobody_acts_without_a_mandate_outside_their_perimeter_or_on_themselves(reachable: Account) -> None:
    without = Actor.account(person(reachable.academy, "Paul", "Sans").public_id)
    elsewhere = academy("amiens", ("ac-amiens.fr",))
    _, of_amiens = desk(elsewhere, "Alice")
    ended_account, ended = desk(reachable.academy, "Emile")
    Mandate.objects.filter(account=ended_account).update(ends_at=timezone.now() - timedelta(days=1))
    _, head = desk(reachable.academy, "Henri", Office.HEAD)
    school = School.objects.create(academy=reachable.academy, uai="0760001A", name="Collège Jean-Moulin")
    of_school_account, of_school = desk(reachable.academy, "Sylvie")
    Mandate.objects.filter(account=of_school_account).update(school=school)
    actors = (without, of_amiens, ended, head, of_school, Actor("visitor", ""), Actor.system("x"))
    for by in (*actors, Actor("operator:root", "192.0.2.1")):
        for act in (
            lambda by=by: api.start_reset(reachable, CHECKED, by, WHY),
            lambda by=by: api.reset_factors(reachable, by, WHY),
        ):
            with pytest.raises(NotAllowed):
                act()
    own, denis = desk(reachable.academy)
    with pytest.raises(api.SamePerson):
        api.start_reset(own, CHECKED, denis, WHY)
    assert not api.Reset.objects.exists()


def test_a_mandate_for_a_school_reaches_its_people(reachable: Account) -> None:
    school = School.objects.create(academy=reachable.academy, uai="0760001A", name="Collège Jean-Moulin")
    reachable.person.postings.create(school=school, function="ENS")
    account, sylvie = desk(reachable.academy, "Sylvie")
    Mandate.objects.filter(account=account).update(school=school)
    assert api.start_reset(reachable, CHECKED, sylvie, WHY).password is not None


def test_four_eyes_are_two_people(reachable: Account) -> None:
    rules(reachable.academy, recovery={"four_eyes": True})
    _, denis = desk(reachable.academy)
    _, odile = desk(reachable.academy, "Odile", Office.SECURITY)
    outcome = api.start_reset(reachable, CHECKED, denis, WHY)
    reset = outcome.reset.id.hex
    assert outcome.password is None
    assert [row.id.hex for row in api.pending_resets(reachable.academy)] == [reset]
    with pytest.raises(api.SamePerson):
        api.approve_reset(reset, denis)
    with pytest.raises(api.WrongStep):
        api.take_password(reset, denis)
    assert api.approve_reset(reset, odile).password is None
    with pytest.raises(NotAllowed):
        api.take_password(reset, odile)
    assert User.objects.get(account=reachable).password_kind == PasswordKind.OWN
    assert api.take_password(reset, denis)
    assert User.objects.get(account=reachable).password_kind == PasswordKind.TEMPORARY
    with pytest.raises(api.WrongStep):
        api.take_password(reset, denis)


def test_the_person_does_not_agree_to_their_own_reset(reachable: Account) -> None:
    rules(reachable.academy, recovery={"four_eyes": True})
    odile_account, odile = desk(reachable.academy, "Odile", Office.DSI)
    _, denis = desk(reachable.academy)
    reset = api.start_reset(odile_account, CHECKED, denis, WHY).reset.id.hex
    with pytest.raises(api.SamePerson):
        api.approve_reset(reset, odile)


def test_who_holds_a_mandate_is_never_reset_by_one_person_alone(reachable: Account) -> None:
    director, _ = desk(reachable.academy, "Odile", Office.DSI)
    _, denis = desk(reachable.academy)
    assert api.start_reset(director, CHECKED, denis, WHY).reset.state == ResetState.PENDING


def test_a_reset_that_nobody_agrees_to_is_over_after_a_day(reachable: Account) -> None:
    rules(reachable.academy, recovery={"four_eyes": True})
    _, denis = desk(reachable.academy)
    _, odile = desk(reachable.academy, "Odile")
    reset = api.start_reset(reachable, CHECKED, denis, WHY).reset
    with pytest.raises(api.WrongStep):
        api.start_reset(reachable, CHECKED, odile, WHY)
    api.Reset.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(api.WrongStep):
        api.approve_reset(reset.id.hex, odile)
    assert not api.pending_resets(reachable.academy).exists()
    assert api.start_reset(reachable, CHECKED, odile, WHY).reset.state == ResetState.PENDING


def test_factors_are_reset_by_an_act_of_their_own(reachable: Account) -> None:
    rules(reachable.academy, second_factor={"requirement": "required"})
    enrolled(reachable)
    _, denis = desk(reachable.academy)
    with pytest.raises(api.NotEnoughChecks):
        api.reset_factors(reachable, denis, WHY)
    api.start_reset(reachable, CHECKED, denis, WHY)
    assert usable_methods(reachable)
    assert api.reset_factors(reachable, denis, WHY).reset.state == ResetState.DONE
    assert not usable_methods(reachable)


def test_of_two_resets_at_once_one_begins(reachable: Account) -> None:
    rules(reachable.academy, recovery={"four_eyes": True})
    actors = [desk(reachable.academy, name)[1] for name in ("Denis", "Odile", "Marc")]

    def start(by: Actor) -> bool:
        try:
            return bool(api.start_reset(reachable, CHECKED, by, WHY))
        except (api.WrongStep, CasierError):
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(start, actors)) == 1


def test_an_operator_of_the_server_needs_no_mandate_and_is_one_person_too(reachable: Account) -> None:
    assert api.start_reset(reachable, CHECKED, OPERATOR, WHY).password is not None
    rules(reachable.academy, recovery={"four_eyes": True})
    reset = api.start_reset(reachable, CHECKED, OPERATOR, WHY).reset
    with pytest.raises(api.SamePerson):
        api.approve_reset(reset.id.hex, OPERATOR)


def test_a_letter_is_followed_from_question_to_post(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    letter = api.ask_letter(reachable, denis, WHY, address=ADDRESS)
    assert letter.state == LetterState.APPROVED
    with pytest.raises(api.WrongStep):
        api.mark_posted(letter.id.hex, denis)
    with pytest.raises(api.WrongStep):
        api.ask_letter(reachable, denis, WHY, address=ADDRESS)
    other = person(reachable.academy, "Marc", "Blanchard")
    second = api.ask_letter(other, denis, WHY, address=ADDRESS)
    pdf = api.print_letters([letter.id.hex, second.id.hex], denis)
    assert pdf.startswith(b"%PDF-")
    assert api.mark_posted(letter.id.hex, denis).posted_by == denis.name
    assert api.revoke_letter(second.id.hex, denis, "envoyée par erreur").state == LetterState.REVOKED
    states = {row.state for row in api.letters(reachable.academy)}
    assert states == {LetterState.POSTED, LetterState.REVOKED}


def test_a_letter_without_an_address_is_not_printed(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    letter = api.ask_letter(reachable, denis, WHY)
    with pytest.raises(api.BadAddress):
        api.print_letters([letter.id.hex], denis)
    with pytest.raises(api.BadAddress):
        api.ask_letter(person(reachable.academy, "Marc", "Seul"), denis, WHY, address=("Rouen",))


def test_a_letter_wants_four_eyes_where_a_reset_does(reachable: Account) -> None:
    rules(reachable.academy, recovery={"four_eyes": True})
    _, denis = desk(reachable.academy)
    _, odile = desk(reachable.academy, "Odile")
    letter = api.ask_letter(reachable, denis, WHY, address=ADDRESS)
    assert letter.state == LetterState.ASKED
    with pytest.raises(api.WrongStep):
        api.print_letters([letter.id.hex], denis)
    with pytest.raises(api.SamePerson):
        api.approve_letter(letter.id.hex, denis)
    assert api.approve_letter(letter.id.hex, odile).state == LetterState.APPROVED


def test_what_waits_is_cancelled_when_the_person_says_it_was_not_them(reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    api.ask_letter(reachable, denis, WHY, address=ADDRESS)
    assert api.cancel_recovery(reachable, denis, WHY, timezone.now()) == 1
    assert [row.state for row in api.letters(reachable.academy)] == [LetterState.REVOKED]
