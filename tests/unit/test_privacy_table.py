"""The table of retention names every table of the database, and what it promises is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from life_people import DAY, ME, a_person, an_academy, at, with_policy

from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account, Delegation, Mandate, Office, Person
from casier.feed.models import Change, ReviewItem, Run
from casier.identity.activation.models import CorrectionRequest
from casier.identity.history.models import SignIn
from casier.identity.models import AppPassword
from casier.life.models import Hold
from casier.life.purging import ERASED
from casier.mailbox.links.models import Link, LinkDownload, LinkRecipient
from casier.policies.api import policy_for
from casier.privacy import nightly, registering
from casier.privacy.errors import BadRegister
from casier.privacy.keeping import erasers
from casier.privacy.keeping.kind import BASIS_WORDS, ENDS_WORDS, Ends
from casier.privacy.keeping.table import KINDS, NOBODY
from casier.privacy.models import Sweep
from casier.privacy.words import TABLES
from casier.rights.models import Line, Review

NAMED = {label for kind in KINDS for label in kind.models}


def test_every_table_is_in_the_table_or_has_nobody_in_it() -> None:
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert there - NAMED - set(NOBODY) == set(), "say how long these are kept (casier.privacy.keeping)"
    assert not NAMED & set(NOBODY)


def test_what_names_a_person_is_never_nobodys() -> None:
    for label in NOBODY:
        for field in apps.get_model(label)._meta.concrete_fields:
            target = field.related_model
            assert getattr(target, "__name__", "") not in {"Account", "Person"}, (label, field.name)


def test_every_kind_says_how_long_and_something_ends_it() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(codes) == len(set(codes))
    for kind in KINDS:
        assert kind.ends in ENDS_WORDS, kind.code
        assert kind.basis in BASIS_WORDS, kind.code
        assert all((*kind.title, *kind.why)), kind.code
        if kind.ends in {Ends.FIXED, Ends.LAW}:
            assert kind.kept is not None, kind.code
        if kind.ends is Ends.POLICY:
            assert (kind.by is None, kind.setting == "") == (False, False), kind.code
        # Where no policy sets a time, the table says why none may.
        assert bool(kind.firm and all(kind.firm)) == (kind.ends in {Ends.FIXED, Ends.LAW, Ends.STORE}), (
            kind.code
        )
    by_itself = {kind.code for kind in KINDS if kind.ends is Ends.FIXED and kind.eraser is None}
    # The worker's own lanes and the supervisor erase these.
    assert by_itself == {"quarantine", "engine_logs"}


@pytest.mark.django_db
def test_a_policys_setting_is_the_policys(academy: Academy) -> None:
    policy = policy_for(academy)
    for kind in KINDS:
        if kind.setting:
            section, name = kind.setting.split(".")
            assert kind.days(policy) == getattr(getattr(policy, section), name)


# The erasing ---------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.privacy.keeping.anonymous._forget_published", lambda _key: None)


@pytest.fixture
def academy(db: None) -> Academy:
    return an_academy()


def on(days: int) -> datetime:
    return at(DAY + timedelta(days=days))


def kept(model: Any, **where: Any) -> int:
    return int(model.objects.filter(**where).count())


def test_nothing_goes_early_and_nothing_stays(academy: Academy) -> None:
    jean = a_person(academy)
    anne = a_person(academy, "Anne")
    now = at(DAY)
    sign_in = {"account": jean, "result": "opened", "at": now, "last_at": now}
    SignIn.objects.create(**sign_in)
    link = Link.objects.create(
        account=jean, token_digest="t", name="notes.pdf", size=1, created_at=now, touched_at=now,
        expires_at=now, emptied_at=now,
    )  # fmt: skip
    LinkRecipient.objects.create(link=link, address="parent@dehors.example")
    LinkDownload.objects.create(link=link, address="parent@dehors.example", at=now, source="192.0.2.1")
    CorrectionRequest.objects.create(account=jean, reference="R", created_at=now, settled_at=now)
    Delegation.objects.create(
        owner=jean, delegate=anne, right="read", starts_at=now, ends_at=on(5), created_at=now, ended_at=now
    )
    AppPassword.objects.create(
        account=jean, name="Thunderbird", protocols=[], mac="m", created_at=now, revoked_at=now
    )
    Hold.objects.create(account=jean, kind="medical", starts_on=DAY, by="t", reason="grippe", lifted_on=DAY)
    year = (SignIn, Link, LinkRecipient, LinkDownload, CorrectionRequest, Delegation, AppPassword, Hold)
    nightly.erase_due(on(364))
    assert [kept(model) for model in year] == [1] * len(year)
    nightly.erase_due(on(367))
    assert [kept(model) for model in year] == [0] * len(year)


def test_a_hold_without_an_end_and_a_living_delegation_stay(academy: Academy) -> None:
    jean, anne = a_person(academy), a_person(academy, "Anne")
    Hold.objects.create(account=jean, kind="legal", starts_on=DAY, by="t", reason="procédure")
    Delegation.objects.create(
        owner=jean, delegate=anne, right="read", starts_at=at(DAY), ends_at=on(3650), created_at=at(DAY)
    )
    nightly.erase_due(on(3000))
    assert (kept(Hold), kept(Delegation)) == (1, 1)


def test_reviews_lose_their_words_first(academy: Academy) -> None:
    jean = a_person(academy)
    closed = {"started_at": at(DAY), "started_by": "t", "due_at": at(DAY), "closed_at": at(DAY)}
    review = Review.objects.create(academy=academy, **closed)
    Line.objects.create(review=review, kind="mandate", thing="1", holder=jean, facts={"name": "Jean"})
    nightly.erase_due(on(364))
    assert Line.objects.get().facts
    nightly.erase_due(on(366))
    assert Line.objects.get().facts == {}
    nightly.erase_due(on(1096))
    assert kept(Review, closed_at__lt=on(1)) == 0


def test_the_lines_of_the_last_applied_run_can_still_be_undone(academy: Academy) -> None:
    runs = [
        Run.objects.create(academy=academy, kind="aaf", by="t", started_at=at(DAY), state=state)
        for state in ("applied", "looked_at", "applied")
    ]
    for run in runs:
        Change.objects.create(
            run=run, number=1, subject="person", verb="create", code="new", status="done", label="Jean Martin"
        )
    nightly.erase_due(on(181))
    assert list(Change.objects.values_list("run", flat=True)) == [runs[2].pk]
    assert kept(Run) == 3
    nightly.erase_due(on(1100))
    assert list(Run.objects.values_list("pk", flat=True)) == [runs[2].pk]


def test_a_settled_doubt_keeps_its_answer_without_the_name(academy: Academy) -> None:
    ReviewItem.objects.create(
        academy=academy, identity="E1", label="Jean Martin", code="maybe", facts={"name": "Jean"},
        state="same", decided_at=at(DAY), reason="même personne",
    )  # fmt: skip
    nightly.erase_due(on(366))
    item = ReviewItem.objects.get()
    assert (item.identity, item.state, item.label, item.facts, item.reason) == ("E1", "same", "", {}, "")


def test_uploaded_files_that_nobody_confirmed_go(academy: Academy) -> None:
    root = settings.CASIER_INSTANCE.data / "platform" / "feed"
    old, young = root / "a1", root / "b2"
    for folder in (old, young):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "agents.csv").write_text("nom;prénom\nMartin;Jean\n", encoding="utf-8")
    now = datetime.fromtimestamp(old.stat().st_mtime, tz=at(DAY).tzinfo)
    Run.objects.create(
        academy=academy, kind="csv", by="t", started_at=now + timedelta(days=5), folder=str(young)
    )
    Run.objects.create(academy=academy, kind="csv", by="t", started_at=now, folder=str(old))
    erasers.erase_feed_files(now + timedelta(days=8))
    assert [old.exists(), young.exists()] == [False, True]
    assert sorted(Run.objects.values_list("folder", flat=True)) == ["", str(young)]


def test_offices_that_ended_go_after_three_years_lent_ones_first(academy: Academy) -> None:
    jean, anne = a_person(academy), a_person(academy, "Anne")
    own = Mandate.objects.create(
        account=jean, office=Office.HELP_DESK, academy=academy, starts_at=at(DAY), ended_at=at(DAY)
    )
    Mandate.objects.create(
        account=anne,
        office=Office.HELP_DESK,
        academy=academy,
        starts_at=at(DAY),
        ends_at=at(DAY),
        shared_from=own,
    )
    Mandate.objects.create(account=anne, office=Office.DPO, academy=academy, starts_at=at(DAY))
    nightly.erase_due(on(1090))
    assert kept(Mandate) == 3
    nightly.erase_due(on(1096))
    assert list(Mandate.objects.values_list("office", flat=True)) == ["dpo"]


def test_that_somebody_was_relieved_is_kept_while_they_are_here(academy: Academy) -> None:
    account, long_ago = a_person(academy), at(date(2020, 1, 1))
    for withdrawn in (True, False):
        Mandate.objects.create(
            account=account, office=Office.HELP_DESK, academy=academy, starts_at=long_ago, ended_at=long_ago,
            by_group="siasi", withdrawn=withdrawn,
        )  # fmt: skip
    assert erasers.erase_mandates(at(date(2026, 9, 1))) == 1
    assert Mandate.objects.get().withdrawn
    Account.objects.filter(pk=account.pk).update(state="closed")
    assert erasers.erase_mandates(at(date(2026, 9, 1))) == 1


def test_once_a_day_by_counts_and_in_portions(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasers, "PORTION", 2)
    monkeypatch.setattr(erasers, "MOST", 4)
    monkeypatch.setattr(nightly, "MOST", 4)
    jean = a_person(academy)
    for number in range(5):
        CorrectionRequest.objects.create(
            account=jean, reference=f"R{number}", created_at=at(DAY), settled_at=at(DAY)
        )
    then = on(400)
    assert nightly.erase_due(then) == 4
    assert nightly.erase_due(then) == 1
    assert nightly.erase_due(then) == 0
    told = JournalEntry.objects.filter(action="retention.erased").order_by("pk")
    assert [entry.payload.facts for entry in told] == [
        {"kinds": {"corrections": 4}},
        {"kinds": {"corrections": 1}},
    ]
    assert Sweep.objects.get().counts == {"corrections": 5}


def test_one_kind_that_fails_leaves_the_others(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    jean = a_person(academy)
    CorrectionRequest.objects.create(account=jean, reference="R", created_at=at(DAY), settled_at=at(DAY))

    def fails(_rows: Any, **_values: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(erasers, "emptied", fails)
    nightly.erase_due(on(400))
    assert kept(CorrectionRequest) == 0


def test_the_name_goes_when_the_address_may_be_given_again(academy: Academy) -> None:
    jean, homonym = a_person(academy), a_person(academy)
    Account.objects.filter(pk=jean.pk).update(state="purged")
    reserved = {"retired_at": at(DAY), "reserved_until": on(100), "is_primary": False}
    jean.addresses.update(**reserved)
    jean.person.birth_date = date(1980, 1, 1)
    jean.person.save()
    nightly.erase_due(on(99))
    jean.person.refresh_from_db()
    assert jean.person.full_name == "Jean Martin"
    nightly.erase_due(on(101))
    jean.refresh_from_db()
    assert jean.person.full_name == "Personne effacée"
    assert Person.objects.filter(pk=jean.person_id, birth_date=None).exists()
    assert (jean.addresses.count(), "martin" in jean.mailbox_key) == (0, False)
    homonym.refresh_from_db()
    assert homonym.person.full_name == "Jean Martin"
    assert homonym.addresses.exists()
    assert nightly.erase_due(on(102)) == 0
    again = a_person(academy)
    assert again.mailbox_key not in {jean.mailbox_key, "jean.martin@ac-normandie.example"}


def test_what_a_purge_takes_has_words() -> None:
    assert set(ERASED) == set(TABLES)


def test_the_register_tells_of_each_kind_once(academy: Academy) -> None:
    told = [code for one in registering._shipped()["processing"] for code in one["kinds"]]
    assert sorted(told) == sorted(kind.code for kind in KINDS)
    for language in ("fr", "en"):
        register = registering.register_of(academy, language)
        assert all(line.time and line.basis and line.why for one in register.processings for line in one.kept)
    english = registering.register_of(academy, "en")
    assert "browser" in english.transfers
    with_policy(academy, notifications={"push": "off"}, leaving={"purge_days": 91})
    changed = registering.register_of(academy, "en")
    assert changed.transfers == "No transfer out of the European Union."
    assert "91 days" in [line.time for one in changed.processings for line in one.kept]


def test_the_register_is_kept_in_versions(academy: Academy) -> None:
    by = {"by": ME, "reason": "début", "now": at(DAY)}
    first = registering.change(academy, {"dpo": " Anne  Leroy \n rue X "}, **by)
    assert (first.number, first.values) == (1, {"dpo": "Anne Leroy\nrue X"})
    assert registering.change(academy, {"dpo": "Anne Leroy\nrue X"}, **by).number == 1
    second = registering.change(academy, {"controller": "Rectrice"}, **by)
    spaced = "Notice\u00a0: «\u00a0Mes données\u00a0»"
    assert (second.number, second.values["dpo"]) == (2, "Anne Leroy\nrue X")
    assert [row.number for row in registering.versions_of(academy)] == [2, 1]
    assert registering.change(academy, {"notes": spaced}, **by).values["notes"] == spaced
    for values in ({"nothing": "x"}, {"dpo": "x" * 1001}):
        with pytest.raises(BadRegister):
            registering.change(academy, values, **by)
    with pytest.raises(BadRegister):
        registering.change(academy, {"dpo": "x"}, **{**by, "reason": " "})
