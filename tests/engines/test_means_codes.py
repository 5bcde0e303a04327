"""Codes and means with a real Redis and database: what opens, what doesn't, and who is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.identity.dispatch.api import Letter
from casier.identity.dispatch.models import Dispatch
from casier.identity.means import actions, codes
from casier.identity.means.api import (
    CodePurpose,
    NoSuchMeans,
    Reach,
    TooManyCodes,
    check_code,
    check_due,
    code_fate,
    means_wanted,
    pretend_code,
    reach_of,
    reaches,
    send_code,
    tell_means,
    write_to,
)
from casier.identity.means.errors import BadMeans, LastMeans
from casier.identity.means.models import Code, Means
from casier.identity.redis_link import redis
from casier.kernel.errors import Unavailable
from engines.means_scene import Post, Telephones, code_in, lane, plain, want_means
from engines.portal_scene import claire, emptied, redis_server
from unit.identity_people import BY, academy, person

__all__ = ["claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

GATEWAY = {"kind": "http", "name": "operateur", "url": "https://sms.example/", "voice": True, "json": {}}


@pytest.fixture(autouse=True)
def with_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """An instance that reaches telephones; the lane's gateways are the test's."""
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {"gateways": [GATEWAY]})


def recorded(account: Account, value: str = "claire@laposte.net") -> Means:
    read = actions.read_address if "@" in value else actions.read_number
    means = actions.add(account, read(value), BY)
    Means.objects.filter(pk=means.pk).update(verified_at=timezone.now(), checked_at=timezone.now())
    means.refresh_from_db()
    return means


def ask(
    account: Account, kind: str = "mail", purpose: CodePurpose = CodePurpose.RECOVERY, **more: str
) -> str:
    reach = reaches(account, (kind,))[0]
    return send_code(account, reach, purpose, source=more.get("source", "192.0.2.7"), language="fr")


def sent_code(kind: str = "mail") -> str:
    post, telephones = Post(), Telephones()
    lane(telephones, mail=post).step()
    return code_in(plain(post.mails[-1]) if kind == "mail" else telephones.sent[-1].text)


def test_a_code_opens_once_and_for_its_purpose_alone(claire: Account) -> None:
    recorded(claire)
    challenge = ask(claire)
    code = sent_code()
    assert check_code(challenge, code, CodePurpose.SECOND_FACTOR) == ""
    assert check_code(challenge, f" {code[:4]} {code[4:]} ", CodePurpose.RECOVERY) == claire.public_id
    assert check_code(challenge, code, CodePurpose.RECOVERY) == ""


def test_a_code_is_worth_nothing_for_another_account(claire: Account) -> None:
    marc = person(claire.academy, "Marc", "Petit")
    recorded(claire)
    recorded(marc, "marc@laposte.net")
    hers = ask(claire)
    code = sent_code()
    his = ask(marc)
    assert check_code(his, code, CodePurpose.RECOVERY) == ""
    assert check_code(hers, code, CodePurpose.RECOVERY) == claire.public_id


def test_five_tries_and_the_right_one_comes_too_late(claire: Account) -> None:
    recorded(claire)
    challenge = ask(claire)
    code = sent_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(codes.MOST_TRIES):
        assert check_code(challenge, wrong, CodePurpose.RECOVERY) == ""
    assert codes.tries_left(challenge) == 0
    assert check_code(challenge, code, CodePurpose.RECOVERY) == ""


def test_the_next_code_ends_the_one_before(claire: Account) -> None:
    recorded(claire)
    first, first_code = ask(claire), sent_code()
    second, second_code = ask(claire), sent_code()
    assert check_code(first, first_code, CodePurpose.RECOVERY) == ""
    assert check_code(second, second_code, CodePurpose.RECOVERY) == claire.public_id


def test_a_code_for_another_purpose_stays_good(claire: Account) -> None:
    """Nobody ends somebody else's sign-in by asking for a code to recover."""
    recorded(claire)
    first, first_code = ask(claire, purpose=CodePurpose.SECOND_FACTOR), sent_code()
    ask(claire, purpose=CodePurpose.RECOVERY)
    assert check_code(first, first_code, CodePurpose.SECOND_FACTOR) == claire.public_id


def test_a_code_that_is_over_opens_nothing(claire: Account) -> None:
    recorded(claire)
    challenge, code = ask(claire), sent_code()
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert check_code(challenge, code, CodePurpose.RECOVERY) == ""


@pytest.mark.parametrize("typed", ["", "0", "９" * 8, "0" * 4000, "\x00", "12345678'--"])
def test_whatever_is_typed_is_only_wrong(claire: Account, typed: str) -> None:
    recorded(claire)
    assert check_code(ask(claire), typed, CodePurpose.RECOVERY) == ""
    assert check_code(typed, typed, CodePurpose.RECOVERY) == ""


def test_of_two_at_once_one_gets_in(claire: Account) -> None:
    recorded(claire)
    challenge, code = ask(claire), sent_code()

    def attempt(_: int) -> str:
        try:
            return check_code(challenge, code, CodePurpose.RECOVERY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(attempt, range(4)))
    assert sorted(got) == ["", "", "", claire.public_id]


def test_lives_by_road(claire: Account) -> None:
    """Mail may take long where the policy says so; text and speech never more than ten minutes."""
    assert codes.life_minutes("mail") == 15
    assert codes.life_minutes("mail", 1440) == 1440
    assert codes.life_minutes("sms", 1440) == codes.life_minutes("voice", 60) == 10


def test_neither_code_nor_address_lies_in_clear_anywhere(
    claire: Account, caplog: pytest.LogCaptureFixture
) -> None:
    recorded(claire, "0612345601")
    recorded(claire)
    ask(claire, "sms")
    row = Dispatch.objects.get()
    stored = b"".join(bytes(part) for part in (row.to_sealed or b"", row.content_sealed or b""))
    code = sent_code("sms")
    assert code.encode() not in stored
    assert b"612345601" not in stored
    row.refresh_from_db()
    assert (row.to_sealed, row.content_sealed, row.state) == (None, None, "sent")
    everything = " ".join(
        [
            *(str(entry.__dict__) for entry in JournalEntry.objects.all()),
            *(str(one.__dict__) for one in Means.objects.all()),
            *(str(one.__dict__) for one in Code.objects.all()),
            *(str(one.__dict__) for one in Dispatch.objects.all()),
            *(str(key) for key in redis().keys("casier:code-limits:*")),
            caplog.text,
        ]
    )
    for secret in (code, "612345601", "claire@laposte.net"):
        assert secret not in everything


# Limits ------------------------------------------------------------------------------------------
def test_a_number_is_not_flooded_even_from_many_accounts(claire: Account) -> None:
    """Five an hour to a number, whoever asks from wherever: a victim's telephone doesn't ring all night."""

    def flood(number: int) -> None:
        attacker = person(claire.academy, "Eve", f"Noire{'abcdefghij'[number]}")
        means = actions.add(attacker, actions.read_number("06 12 34 56 01"), BY)
        reach = reach_of(means, "sms")
        assert reach is not None
        send_code(attacker, reach, CodePurpose.VERIFY, source=f"192.0.2.{number}", language="fr")

    for number in range(5):
        flood(number)
    with pytest.raises(TooManyCodes) as refused:
        flood(5)
    assert 0 < refused.value.seconds <= 3600


def test_what_strangers_ask_for_leaves_the_sign_in_alone(claire: Account) -> None:
    recorded(claire, "0612345601")
    for number in range(5):
        ask(claire, "sms", CodePurpose.RECOVERY, source=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes):
        ask(claire, "sms", CodePurpose.RECOVERY, source="192.0.2.99")
    assert ask(claire, "sms", CodePurpose.SECOND_FACTOR)


def test_the_platform_has_a_limit_and_strangers_get_half_of_it(
    claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = {"gateways": [GATEWAY], "per_hour": 4}
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", section)
    recorded(claire, "0612345601")
    for _ in range(2):
        ask(claire, "sms", CodePurpose.RECOVERY)
    with pytest.raises(TooManyCodes):
        ask(claire, "sms", CodePurpose.RECOVERY)
    for _ in range(4):
        ask(claire, "sms", CodePurpose.SECOND_FACTOR)
    with pytest.raises(TooManyCodes):
        ask(claire, "sms", CodePurpose.SECOND_FACTOR)


def test_nobody_meets_the_same_limits_at_the_same_count(claire: Account) -> None:
    """A name that nobody has is refused after as many codes as one that somebody has."""
    recorded(claire)
    for one in (lambda: ask(claire), lambda: pretend_code("nobody.here", source="192.0.2.9")):
        for _ in range(5):
            one()
        with pytest.raises(TooManyCodes):
            one()


def test_a_code_for_nobody_is_the_same_work_and_opens_nothing(claire: Account) -> None:
    recorded(claire)
    with_queries = []
    for one in (lambda: ask(claire), lambda: pretend_code("nobody.here", source="192.0.2.9")):
        before = Code.objects.count(), Dispatch.objects.count()
        challenge = one()
        with_queries.append((Code.objects.count() - before[0], Dispatch.objects.count() - before[1]))
        assert len(challenge) == 43
    assert with_queries[0] == with_queries[1] == (1, 1)
    assert check_code(challenge, "00000000", CodePurpose.RECOVERY) == ""
    assert code_fate(challenge) is None


def test_without_redis_nothing_is_sent_and_nothing_is_refused(
    claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(claire)
    monkeypatch.setattr(settings, "REDIS_SOCKET", settings.REDIS_SOCKET.with_name("gone.sock"))
    with pytest.raises(Unavailable):
        ask(claire)
    assert not Code.objects.exists()


def test_where_no_gateway_answers_it_is_said_at_once_and_costs_no_code(claire: Account) -> None:
    recorded(claire, "0612345601")
    redis().set("casier:gateway-rests:operateur", "1", ex=30)
    with pytest.raises(Unavailable) as refused:
        ask(claire, "sms")
    assert refused.value.facts["part"] == "telephone"
    assert not redis().keys("casier:code-limits:*")


# Means -------------------------------------------------------------------------------------------
def test_a_means_counts_once_its_code_was_shown(claire: Account) -> None:
    assert not means_wanted(claire)
    want_means(claire.academy)
    assert means_wanted(claire)
    means = actions.add(claire, actions.read_address("Claire@LaPoste.net"), BY)
    assert means_wanted(claire)
    assert not reaches(claire)
    reach = reach_of(means, "mail")
    assert reach is not None
    with pytest.raises(NoSuchMeans):
        send_code(claire, reach, CodePurpose.RECOVERY, source="192.0.2.7", language="fr")
    challenge = send_code(claire, reach, CodePurpose.VERIFY, source="192.0.2.7", language="fr")
    assert actions.verify_by_code(claire, challenge, sent_code(), BY)
    assert not means_wanted(claire)
    assert [(one.kind, one.hint) for one in reaches(claire)] == [("mail", "c•••••@laposte.net")]


def test_a_code_sent_to_one_account_verifies_nothing_of_another(claire: Account) -> None:
    """Who registers a victim's address gets no further without the victim's code, and theirs is no use."""
    eve = person(claire.academy, "Eve", "Noire")
    hers = actions.add(claire, actions.read_address("claire@laposte.net"), BY)
    stolen = actions.add(eve, actions.read_address("eve@laposte.net"), BY)
    reach = reach_of(stolen, "mail")
    assert reach is not None
    challenge = send_code(eve, reach, CodePurpose.VERIFY, source="192.0.2.7", language="fr")
    assert actions.verify_by_code(claire, challenge, sent_code(), BY) is None
    hers.refresh_from_db()
    assert hers.verified_at is None


def test_one_may_not_reach_into_somebody_elses_means(claire: Account) -> None:
    eve = person(claire.academy, "Eve", "Noire")
    hers = recorded(claire)
    with pytest.raises(NoSuchMeans):
        actions.remove(eve, hers.id.hex, BY)
    with pytest.raises(NoSuchMeans):
        send_code(eve, Reach(hers.id.hex, "mail", ""), CodePurpose.RECOVERY, source="", language="fr")
    with pytest.raises(NoSuchMeans):
        write_to(eve, Reach(hers.id.hex, "mail", ""), Letter("s", ("p",)), why="recovery")


def test_a_sealed_value_can_not_be_moved_to_another_row(claire: Account) -> None:
    eve = person(claire.academy, "Eve", "Noire")
    hers, theirs = recorded(claire), recorded(eve, "eve@laposte.net")
    Means.objects.filter(pk=hers.pk).update(value_sealed=theirs.value_sealed)
    hers.refresh_from_db()
    with pytest.raises(Exception, match="can't be opened"):
        actions.value_of(hers)


def test_the_last_one_stays_where_the_policy_wants_one(claire: Account) -> None:
    want_means(claire.academy)
    means = recorded(claire)
    with pytest.raises(LastMeans):
        actions.remove(claire, means.id.hex, BY)
    recorded(claire, "0612345601")
    actions.remove(claire, means.id.hex, BY)
    assert [one.kind for one in reaches(claire)] == ["sms", "voice"]


def test_what_was_taken_away_still_hears_of_what_happens_for_some_days(claire: Account) -> None:
    old = recorded(claire, "old@laposte.net")
    recorded(claire, "new@laposte.net")
    actions.remove(claire, old.id.hex, BY)
    Dispatch.objects.all().delete()
    assert tell_means(claire, Letter("Avis", ("Bonjour",)), "Avis", why="notice") == 2
    assert [one.hint for one in reaches(claire)] == ["n•••••@laposte.net"]
    later = timezone.now() + timedelta(days=actions.TOLD_DAYS, minutes=1)
    actions.forget_old_means(later)
    assert [means.hint for means in actions.told(claire)] == ["n•••••@laposte.net"]
    assert not Means.objects.filter(pk=old.pk).exists()


def test_news_comes_by_another_road_than_the_one_that_changed(claire: Account) -> None:
    one = recorded(claire, "one@laposte.net")
    recorded(claire, "0612345601")
    assert [means.hint for means in actions.told(claire, one.id.hex)] == [
        "06\u00a0••\u00a0••\u00a0••\u00a001"
    ]


def test_at_most_two_of_a_kind_and_what_was_never_verified_makes_room(claire: Account) -> None:
    for name in ("one", "two"):
        recorded(claire, f"{name}@laposte.net")
    with pytest.raises(BadMeans, match="too_many"):
        actions.add(claire, actions.read_address("three@laposte.net"), BY)
    first = actions.add(claire, actions.read_number("0612345601"), BY)
    second = actions.add(claire, actions.read_number("0612345602"), BY)
    assert [means.pk for means in actions.live(claire) if means.kind == "telephone"] == [second.pk]
    assert first.pk != second.pk


def test_the_platforms_own_domains_are_refused(claire: Account) -> None:
    academy("nancy-metz", ("ac-nancy.fr",))
    for address in ("claire.lefevre@ac-rouen.fr", "x@ac-nancy.fr", "x@mail.ac-rouen.fr", "x@AC-ROUEN.FR."):
        with pytest.raises(BadMeans, match=r"own_domain|not_an_address"):
            actions.read_address(address)


def test_means_are_checked_again_when_their_time_has_come(claire: Account) -> None:
    recorded(claire)
    now = timezone.now()
    assert not check_due(claire, now + timedelta(days=181))
    assert check_due(claire, now + timedelta(days=183))
    Means.objects.update(checked_at=now - timedelta(days=400))
    actions.confirm(claire, BY)
    assert not check_due(claire, now)
