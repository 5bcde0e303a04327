"""The history under floods, and what the help desk opens by a reference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from msgspec import structs

from casier.directory.models import Account, Office
from casier.identity.history import keeping
from casier.identity.history.api import (
    Notice,
    SignInResult,
    as_facts,
    forget_old_history,
    note_sign_in,
    refusal_with,
    refuse,
    sign_ins,
    tell,
    tell_holders,
    unknown_tries,
)
from casier.identity.history.models import NoticeSent, Refusal, SignIn, UnknownTries
from casier.policies.api import adopt, policy_for
from engines.history_scene import Letters, active, bring_all, letters, officer
from engines.portal_scene import claire, emptied, redis_server
from unit.identity_people import BY

__all__ = ["claire", "emptied", "letters", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def fail(account: Account | None, source: str = "203.0.113.9", **more: str) -> None:
    academy = account.academy if account else None
    note_sign_in(account, SignInResult.WRONG, academy=academy, source=source, **more)


def test_a_flood_from_one_place_is_one_line_that_counts(claire: Account) -> None:
    for _ in range(500):
        fail(claire)
    (row,) = sign_ins(claire)
    assert (row.count, row.source) == (500, "203.0.113.9")


def test_a_flood_from_everywhere_fills_no_table(claire: Account) -> None:
    for number in range(300):
        fail(claire, f"198.51.{number // 250}.{number % 250}")
    rows = sign_ins(claire, most=1000)
    assert len(rows) == keeping.MOST_ROWS_A_DAY + 1
    assert sum(row.count for row in rows) == 300
    others = next(row for row in rows if not row.source)
    assert others.count == 300 - keeping.MOST_ROWS_A_DAY


def test_whoever_moves_within_one_line_of_ipv6_stays_one_place(claire: Account) -> None:
    for number in range(200):
        fail(claire, f"2001:db8:7:7::{number:x}")
        refuse("wrong", account=claire, academy=claire.academy, source=f"2001:db8:7:7::{number:x}")
    assert len(sign_ins(claire)) == 1
    assert Refusal.objects.count() == keeping.MOST_REFERENCES_AN_HOUR


def test_a_success_is_not_lost_in_a_flood(claire: Account) -> None:
    for number in range(60):
        fail(claire, f"198.51.100.{number}")
    note_sign_in(
        claire, SignInResult.OPENED, academy=claire.academy, source="192.0.2.7", device="Firefox, Linux",
        proofs=("pwd", "totp"),
    )  # fmt: skip
    (row,) = [row for row in sign_ins(claire) if row.result == SignInResult.OPENED]
    assert (row.device, row.proofs) == ("Firefox, Linux", ["pwd", "totp"])


def test_a_name_that_nobody_has_is_counted_and_not_kept(claire: Account) -> None:
    for _ in range(40):
        note_sign_in(None, SignInResult.WRONG, academy=claire.academy, source="203.0.113.9")
    assert UnknownTries.objects.count() == 1
    assert unknown_tries(claire.academy, timezone.now() - timedelta(hours=2)) == 40
    assert {field.name for field in UnknownTries._meta.fields} == {"id", "academy", "source", "hour", "count"}


def test_a_name_that_nobody_has_costs_about_as_much(claire: Account) -> None:
    """The time of an answer would tell accounts apart."""
    fail(claire)
    note_sign_in(None, SignInResult.WRONG, academy=claire.academy, source="203.0.113.9")

    def asked(account: Account | None) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            note_sign_in(account, SignInResult.WRONG, academy=claire.academy, source="203.0.113.9")
        return [query["sql"].split()[0] for query in captured]

    assert asked(claire) == asked(None)
    assert asked(None).count("UPDATE") == 1


def test_each_page_has_a_reference_that_opens(claire: Account) -> None:
    reference = refuse(
        "wrong_factor", account=claire, academy=None, source="203.0.113.9", facts={"method": "totp"}
    )
    for spelled in (reference, reference.lower(), f" {reference} "):
        told = refusal_with(spelled)
        assert told is not None
        assert told.refusal.account == claire
        assert "mot de passe était juste" in told.explanation.why
    english = refusal_with(reference, "en")
    assert english is not None
    assert "password was right" in english.explanation.why
    assert as_facts(english.refusal)["facts"] == {"method": "totp"}
    assert refusal_with("R-2222-2222") is None
    assert refusal_with("") is None


def test_a_flood_of_refusals_shares_its_reference_and_it_still_opens(claire: Account) -> None:
    given = [refuse("wrong", account=claire, academy=None, source="203.0.113.9") for _ in range(100)]
    assert len(set(given)) == keeping.MOST_REFERENCES_AN_HOUR
    told = refusal_with(given[-1])
    assert told is not None
    assert told.refusal.count == 1 + 100 - keeping.MOST_REFERENCES_AN_HOUR
    # Someone else behind the same address gets their own.
    assert refuse("wrong", account=None, academy=None, source="203.0.113.9") not in given


def test_the_academys_own_networks_are_told_apart(claire: Account) -> None:
    own = structs.replace(policy_for(claire.academy), own_networks=("10.0.0.0/8",))
    adopt(claire.academy, own, by=BY, reason="tests", now=timezone.now())
    fail(claire, "10.1.2.3")
    fail(claire, "203.0.113.9")
    assert [row.own_network for row in sign_ins(claire)] == [False, True]


def test_after_a_year_nothing_is_left(claire: Account) -> None:
    claire = active(claire)
    fail(claire)
    reference = refuse("wrong", account=claire, academy=None, source="203.0.113.9")
    with transaction.atomic():
        tell(claire, Notice.LOCKED, {})
    fail(None)
    assert forget_old_history(timezone.now() + timedelta(days=364)) == 1  # what nobody's name was
    assert refusal_with(reference) is not None
    assert forget_old_history(timezone.now() + timedelta(days=366)) == 3
    assert not any(model.objects.exists() for model in (SignIn, Refusal, NoticeSent, UnknownTries))


def test_a_flood_gives_one_notice(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    for _ in range(50):
        with transaction.atomic():
            tell(claire, Notice.LOCKED, {"source": "203.0.113.9"})
    assert bring_all() == 1
    assert len(letters.mailbox) == len(letters.backup) == 1
    assert NoticeSent.objects.get().count == 50


def test_many_of_one_kind_end_but_others_go_on(claire: Account) -> None:
    claire = active(claire)
    for number in range(20):
        with transaction.atomic():
            tell(claire, Notice.NEW_DEVICE, {"device": f"Firefox {number}"})
    with transaction.atomic():
        tell(claire, Notice.PASSWORD_CHANGED, {})
    assert NoticeSent.objects.filter(notice=Notice.NEW_DEVICE).count() == 5
    assert NoticeSent.objects.filter(notice=Notice.PASSWORD_CHANGED).count() == 1


def test_what_is_undone_is_not_told(claire: Account) -> None:
    claire = active(claire)
    with transaction.atomic():
        tell(claire, Notice.PASSWORD_CHANGED, {})
        transaction.set_rollback(True)
    assert not NoticeSent.objects.exists()
    assert bring_all() == 0


def test_doing_it_again_sends_nothing_more(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    with transaction.atomic():
        tell(claire, Notice.MEANS_CHANGED, {"what": "mail"}, not_by="the-new-one")
    bring_all()
    from casier.mailbox import noticing
    from casier.mailbox.notifications.models import Notification

    for _ in range(3):
        noticing.bring(NoticeSent.objects.get().id.hex, timezone.now())
    assert len(letters.mailbox) == 1
    ((_, letter, text, not_by),) = letters.backup
    assert not_by == "the-new-one"
    assert text
    assert letter.subject == "Vos moyens de secours ont changé"
    assert Notification.objects.get().title == letter.subject


def test_what_is_not_grave_goes_to_no_telephone(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    with transaction.atomic():
        tell(claire, Notice.NEW_DEVICE, {"device": "Firefox, Linux"})
        tell(claire, Notice.PASSWORD_EXPIRES, {"days": "7"})
    bring_all()
    assert len(letters.mailbox) == 2
    ((_, _, text, _),) = letters.backup
    assert text == ""


def test_an_attack_is_told_to_those_charged_with_it_alone(claire: Account, letters: Letters) -> None:
    claire = active(claire)
    security = officer(claire.academy)
    officer(claire.academy, Office.HELP_DESK, "Henri")
    with transaction.atomic():
        told = tell_holders(claire.academy, (Office.SECURITY,), Notice.ATTACK_WAVE, {"wave": "1"})
    assert told == 1
    bring_all()
    assert [account for account, _ in letters.mailbox] == [security]
