"""A copy of everything about a person: nothing is forgotten, nothing of others is in it, nothing runs."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from hypothesis import given
from hypothesis import strategies as st
from life_people import DAY, a_person, a_school, an_academy, at, posted, why

from casier.audit.api import Actor, record
from casier.audit.exporting import public_key
from casier.directory.models import Academy, Account, AccountState, Delegation, Person
from casier.feed.models import Change, Run
from casier.identity.history.models import SignIn
from casier.identity.models import AppPassword
from casier.life import api as life
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.choices.models import Choice
from casier.privacy.copies import making, more, readable, sealed
from casier.privacy.copies.asking import with_mailbox
from casier.privacy.copies.labels import COLUMNS
from casier.privacy.copies.making import make
from casier.privacy.copies.masking import Mask
from casier.privacy.copies.more import MORE
from casier.privacy.copies.sections import LEFT_OUT, SECTIONS
from casier.privacy.models import PersonExport

SECRET = re.compile(
    r"mac|secret|sealed|token|password$|encoded|credential|_keys|^key$|^code$|numen|digest|salt"
)
# Columns of such names that hold no secret.
HARMLESS = {
    ("directory.PersonKey", "key"), ("feed.ReviewItem", "code"), ("life.Certificate", "digest"),
    ("identity_activation.Acceptance", "digest"),
}  # fmt: skip


def ways() -> Iterator[tuple[str, str]]:
    """Each way to an account or a person: tables that point at one, and tables that point at those."""
    direct = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model in (Account, Person):
                direct.add(model._meta.label)
                yield model._meta.label, field.name
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            related = field.related_model
            if isinstance(related, type) and issubclass(related, models.Model):
                label = model._meta.label
                if related._meta.label in direct - {"directory.Account"} and label not in direct:
                    yield label, field.name


def test_every_way_to_a_person_is_in_a_copy_or_left_out_for_a_reason() -> None:
    taken = {(section.label, section.path.split("__")[0]) for section in SECTIONS}
    forgotten = {f"{label}.{field}" for label, field in ways() if (label, field) not in taken} - set(LEFT_OUT)
    # The person's own row is found from the other side, and the account's by its key.
    assert forgotten - {"directory.Account.person"} == set(), "show these in a copy, or say why not"


def test_sections_name_what_is_there_and_no_secret() -> None:
    codes = [section.code for section in SECTIONS] + [one.code for one in MORE]
    assert len(codes) == len(set(codes))
    for section in SECTIONS:
        model = apps.get_model(section.label)
        for name in section.shown:
            field = model._meta.get_field(name)
            assert not isinstance(field, models.BinaryField), (section.code, name)
            assert not SECRET.search(name) or (section.label, name) in HARMLESS, (section.code, name)
            assert name in COLUMNS, f"give {name} words in data/labels.toml"
    for one in MORE:
        assert set(one.shown) <= set(COLUMNS)


# What is in one ------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.identity.sessions.live_sessions", lambda *_: [])
    nothing = SimpleNamespace(rules=SimpleNamespace(absence={}, items=()))
    monkeypatch.setattr(more, "rules_of", lambda _account: nothing)


@pytest.fixture
def academy(db: None) -> Academy:
    return an_academy()


@pytest.fixture
def jean(academy: Academy) -> Account:
    account = a_person(academy)
    posted(account, a_school(academy))
    return account


def copy_of(account: Account, folder: Path, language: str = "fr") -> zipfile.ZipFile:
    make(folder / "copy.zip", account, settings.CASIER_INSTANCE, language, at(DAY))
    return zipfile.ZipFile(folder / "copy.zip")


def data(archive: zipfile.ZipFile, code: str) -> Any:
    return json.loads(archive.read(f"donnees/{code}.json"))


def everything_in(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_what_somebody_has_is_there_in_both_forms(jean: Account, tmp_path: Path) -> None:
    SignIn.objects.create(
        account=jean, result="opened", at=at(DAY), last_at=at(DAY), source="192.0.2.7", device="Firefox"
    )
    archive = copy_of(jean, tmp_path)
    assert data(archive, "identite")[0]["family_name"] == "Martin"
    assert data(archive, "affectations")[0]["function"] == "ENS"
    assert data(archive, "connexions")[0]["source"] == "192.0.2.7"
    assert {row["code"] for row in data(archive, "journal")} >= {"account.created", "account.activated"}
    index = archive.read("index.html").decode()
    assert "Les données de Jean Martin" in index
    for page in re.findall(r'href="(pages/[a-z-]+\.html)"', index):
        assert archive.read(page).startswith(b"<!doctype html>")
    assert "192.0.2.7" in archive.read("pages/connexions.html").decode()
    assert "01/09/2026 14:00" in archive.read("pages/connexions.html").decode()
    assert "The data of Jean Martin" in copy_of(jean, tmp_path, "en").read("index.html").decode()


def test_an_offices_copy_holds_the_mail_of_who_is_out_alone(
    jean: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret of correspondence: nobody reads what a person can take themselves."""
    asked = PersonExport(account=jean, by="account:x", own=False)
    assert not with_mailbox(asked)
    assert with_mailbox(PersonExport(account=jean, own=True))
    jean.state = AccountState.CLOSED
    assert with_mailbox(asked)

    def read(*_: object) -> int:
        raise AssertionError("the mailbox was read")

    monkeypatch.setattr(making, "add_mailbox", read)
    monkeypatch.setattr(making, "add_files", read)
    file = tmp_path / "copy.zip"
    make(file, jean, settings.CASIER_INSTANCE, "fr", at(DAY), mailbox=False)
    assert "leur secret" in zipfile.ZipFile(file).read("index.html").decode()


def test_secrets_are_not(jean: Account, tmp_path: Path) -> None:
    AppPassword.objects.create(
        account=jean, name="Téléphone", protocols=["imap"], mac="5ec7e7" * 8, created_at=at(DAY)
    )
    text = everything_in(copy_of(jean, tmp_path))
    assert "Téléphone" in text
    assert "5ec7e7" not in text


def test_another_person_of_the_same_name_is_not(jean: Account, academy: Academy, tmp_path: Path) -> None:
    other = a_person(academy)
    SignIn.objects.create(account=other, result="opened", at=at(DAY), last_at=at(DAY), source="198.51.100.9")
    run = Run.objects.create(academy=academy, kind="aaf", by="t", started_at=at(DAY))
    for number, account in enumerate((jean, other)):
        Change.objects.create(
            run=run, number=number, subject="person", verb="create", code="new", status="done",
            label=f"Jean Martin {number}", target=str(account.person_id),
        )  # fmt: skip
    archive = copy_of(jean, tmp_path)
    assert "198.51.100.9" not in everything_in(archive)
    assert [row["label"] for row in data(archive, "annuaire")] == ["Jean Martin 0"]
    assert other.mailbox_key not in everything_in(archive)


def test_what_others_did_is_told_without_who_they_are(
    jean: Account, academy: Academy, tmp_path: Path
) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    agent = Actor.account(anne.public_id, "203.0.113.5")
    with transaction.atomic():
        record(
            agent, "account.suspended", f"account:{jean.public_id}", "appel de anne.leroy@ac-rouen.example",
            at=at(DAY), to="parent@dehors.example", by=f"account:{anne.public_id}",
        )  # fmt: skip
        record(
            Actor.account(jean.public_id), "account.closed", f"account:{anne.public_id}", "faute grave",
            at=at(DAY), name="Anne Leroy",
        )  # fmt: skip
    archive = copy_of(jean, tmp_path)
    about = next(row for row in data(archive, "journal") if row["code"] == "account.suspended")
    assert about["actor"] == "un agent de l’académie"
    assert about["origin"] == ""
    assert about["facts"] == {"to": "…@dehors.example", "by": "un agent de l’académie"}
    by = next(row for row in data(archive, "journal") if row["code"] == "account.closed")
    assert (by["actor"], by["reason"], by["facts"]) == ("vous", "", {})
    text = everything_in(archive)
    assert anne.public_id not in text
    assert "203.0.113.5" not in text
    assert "anne.leroy" not in text


def test_a_colleague_to_whom_the_mailbox_is_open_is_named(
    jean: Account, academy: Academy, tmp_path: Path
) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    later = at(DAY) + timedelta(days=3)
    Delegation.objects.create(
        owner=jean, delegate=anne, right="read", starts_at=at(DAY), ends_at=later, created_at=at(DAY)
    )
    assert data(copy_of(jean, tmp_path), "delegations-donnees")[0]["delegate"] == "Anne Leroy"


HOSTILE = '</td></table><script>alert(1)</script><img src=x onerror="alert(2)">\u202e../../etc/passwd'


def test_nothing_in_a_page_runs(jean: Account, tmp_path: Path) -> None:
    Person.objects.filter(pk=jean.person_id).update(given_name=HOSTILE[:100])
    Choice.objects.create(account=jean, section="x", value={HOSTILE: [HOSTILE]}, changed_at=at(DAY))
    SignIn.objects.create(
        account=jean, result="opened", at=at(DAY), last_at=at(DAY), device='"><svg onload=alert(1)>'
    )
    jean.refresh_from_db()
    archive = copy_of(jean, tmp_path)
    for name in archive.namelist():
        assert ".." not in name and not name.startswith("/"), name  # noqa: PT018
        if name.endswith(".html"):
            page = archive.read(name).decode()
            assert not re.search(r"<(script|img|svg)", page), name
            assert "default-src &#x27;none&#x27;" in page
    assert data(archive, "preferences")[0]["value"] == {HOSTILE: [HOSTILE]}


@given(st.text(), st.text())
def test_any_text_stays_text(name: str, text: str) -> None:
    page = b"".join(readable.table(name, ("name", "value"), [{"name": name, "value": text}], "fr")).decode(
        "utf-8", "surrogatepass"
    )
    assert page.count("<td>") == 2
    assert page.count("<h1>") == 1


def test_what_is_nested_and_days_that_never_were_are_shown_all_the_same() -> None:
    deep: dict[str, Any] = {"name": "x"}
    for _level in range(40):
        deep = {"facts": deep}
    odd = [{"name": "2026-02-30T10:00:00", "value": {"address": "a@b.example", "kind": ["charte", "x"]}}]
    page = b"".join(readable.table("t", ("name", "value"), [*odd, {"name": "1999", "value": deep}], "fr"))
    assert b"2026-02-30T10:00:00" in page
    assert "Adresse\u00a0: a@b.example · Sorte\u00a0: charte, x".encode() in page


# The seal ------------------------------------------------------------------------------------------
def altered(path: Path, name: str, content: bytes | None, add: str = "") -> Path:
    """The zip at PATH with another content (or none) for NAME."""
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(other, "w") as after:
        for one in before.namelist():
            if one != name or content is not None:
                after.writestr(one, content if one == name and content is not None else before.read(one))
        if add:
            after.writestr(add, "x")
    return other


def test_whatever_is_changed_is_told(jean: Account, tmp_path: Path) -> None:
    copy_of(jean, tmp_path).close()
    whole, key = tmp_path / "copy.zip", public_key(settings.CASIER_INSTANCE.key("journal"))
    assert list(sealed.check(whole, key)) == []
    assert list(sealed.check(altered(whole, "index.html", b"x"), key)) == ["index.html was changed"]
    assert list(sealed.check(altered(whole, "donnees/compte.json", None), key))
    assert list(sealed.check(altered(whole, "", None, add="pages/plus.html"), key))
    assert list(sealed.check(altered(whole, "SHA256SUMS", b""), key)) == ["is not signed by this platform"]
    assert list(sealed.check(whole, public_key(b"o" * 32))) == ["is not signed by this platform"]


def test_a_mask_knows_its_own(jean: Account) -> None:
    mask = Mask.of(jean, "en")
    own = jean.addresses.get(is_primary=True).address
    assert mask.text(f"{own} account:{jean.public_id} {jean.pk}") == f"{own} you you"
    assert mask.plain({"token": "t", "x": ["system:life"]}) == {"x": ["the platform"]}


def test_who_left_has_their_leaving(jean: Account, tmp_path: Path) -> None:
    life.begin_leaving(jean, last_day=None, **why())
    jean.refresh_from_db()
    assert data(copy_of(jean, tmp_path), "departs")[0]["began_on"] == DAY.isoformat()


def test_what_the_antivirus_took_out_and_what_was_done_for_them_elsewhere_are_told(
    jean: Account, academy: Academy, tmp_path: Path
) -> None:
    other = a_person(academy, "Paul")
    for number, owner in enumerate((jean, other)):
        Quarantined.objects.create(
            reference=f"R-000{number}", owner=owner.mailbox_key, folder="INBOX.R&AOk-union", uid_validity=1,
            uid=1, finding="virus", octets=9, taken_at=at(DAY),
        )  # fmt: skip
    with transaction.atomic():
        for account in (jean, other):
            record(
                Actor.account(other.public_id, "192.0.2.9"), "functional.member_manage",
                f"functional:{'a' * 32}", "secrétariat", at=at(DAY), account=account.public_id,
            )  # fmt: skip
    archive = copy_of(jean, tmp_path)
    (taken,) = data(archive, "quarantaine")
    assert (taken["reference"], taken["folder"], taken["why"]) == ("R-0000", "INBOX.Réunion", "virus")
    (opened,) = (row for row in data(archive, "journal") if row["code"] == "functional.member_manage")
    assert (opened["reason"], opened["origin"], opened["facts"]) == ("secrétariat", "", {})
    assert opened["actor"] == "un agent de l’académie"
