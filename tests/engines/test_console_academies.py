"""Academies and their policies in the console: made, changed, refused, come back to; with a real Redis."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casier.audit.models import JournalEntry
from casier.console.fields import parsed_size, written
from casier.directory import actions
from casier.directory.errors import BadMandate
from casier.directory.models import Academy, Account, Mandate, Office
from casier.policies.api import adopt, as_toml, policy_for, revisions, shipped, with_changes
from engines.console_scene import (
    DESK_OPERATOR,
    active,
    change,
    charge,
    claire,
    get,
    hidden,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
NEW = "/console/nouvelle-academie/"
LIMOGES = {
    "nom": "Académie de Limoges",
    "court": "limoges",
    "couleur": "#1a5fb4",
    "hotes": "limoges.localhost\ncourrier.ac-limoges.fr",
    "domaines": "ac-limoges.fr",
}


@pytest.fixture
def chief(rouen: Academy) -> Client:
    """A browser of who is charged with the platform."""
    return holder(rouen, Office.PLATFORM, "Chef")


def looked_at(answer: Any) -> dict[str, str]:
    """What the page of what will be made sends on."""
    assert answer.status_code == 200, said(answer)
    pairs = re.findall(r'<textarea name="(\w+)" hidden>(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    plain = {name: value.replace("&quot;", '"').replace("&#x27;", "'") for name, value in pairs}
    return {**plain, "etape": "creer"}


# Making one ------------------------------------------------------------------------------------------
def test_an_academy_is_made_after_a_look_at_it(rouen: Academy, chief: Client) -> None:
    looked = post(chief, NEW, **LIMOGES, depart="amiens")
    for words in ("ac-limoges.fr", "courrier.ac-limoges.fr", "liées à limoges.localhost", "ASVS 6.4.2"):
        assert words in said(looked)
    assert not Academy.objects.filter(slug="limoges").exists()
    sent = looked_at(looked)
    assert post(chief, NEW, **sent).status_code == 422  # no reason
    assert not Academy.objects.filter(slug="limoges").exists()
    made = post(chief, NEW, **sent, motif="Ouverture")
    assert (made.status_code, made["Location"]) == (302, "/console/academies/limoges/")
    limoges = Academy.objects.get(slug="limoges")
    assert (limoges.rp_id, limoges.issuer) == ("limoges.localhost", "https://limoges.localhost")
    assert policy_for(limoges) == shipped("amiens")
    actor = f"account:{Account.objects.get(person__family_name='Chef').public_id}"
    noted = JournalEntry.objects.filter(target="academy:limoges").values_list("action", "actor", "reason")
    assert set(noted) == {
        ("academy.created", actor, "Ouverture"),
        ("policy.adopted", actor, "Ouverture"),
    }
    assert "Académie de Limoges" in said(get(chief, "/console/academies/"))
    assert "mandate give" in said(get(chief, "/console/academies/limoges/"))


def test_what_was_looked_at_is_what_is_made(rouen: Academy, chief: Client) -> None:
    looked = post(chief, NEW, **LIMOGES, depart="comme-rouen")
    before = policy_for(rouen)
    change(rouen, "lock.attempts=9")
    post(chief, NEW, **looked_at(looked), motif="x")
    assert policy_for(Academy.objects.get(slug="limoges")) == before


def test_a_mix_of_its_own_comes_as_text_or_as_a_file(rouen: Academy, chief: Client) -> None:
    mix = '[sign_in]\nnames = ["local_name"]\n[lock]\nattempts = 4\n'
    post(chief, NEW, **looked_at(post(chief, NEW, **LIMOGES, toml=mix)), motif="x")
    assert policy_for(Academy.objects.get(slug="limoges")).lock.attempts == 4
    other = {**LIMOGES, "court": "poitiers", "hotes": "poitiers.localhost", "domaines": "ac-poitiers.fr"}
    file = SimpleUploadedFile("mix.toml", mix.encode(), "application/toml")
    post(chief, NEW, **looked_at(post(chief, NEW, **other, fichier=file)), motif="x")
    assert policy_for(Academy.objects.get(slug="poitiers")).lock.attempts == 4


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("nom", {"nom": " "}),
        ("nom", {"nom": "x" * 121}),
        ("court", {"court": "Li moges"}),
        ("court", {"court": "rouen"}),
        ("hotes", {"hotes": ""}),
        ("hotes", {"hotes": "limoges.localhost; return 200;"}),
        ("hotes", {"hotes": "rouen.localhost"}),
        ("hotes", {"hotes": "a.fr a.fr"}),
        ("domaines", {"domaines": "ac-rouen.fr"}),
        ("domaines", {"domaines": "limoges"}),
        ("couleur", {"couleur": "#ffff00"}),
        ("depart", {"depart": ""}),
        ("depart", {"depart": "comme-nulle-part"}),
        ("depart", {"toml": "[lock]\nattempts = 4"}),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    rouen: Academy, chief: Client, field: str, changed: dict[str, str]
) -> None:
    answer = post(chief, NEW, **{**LIMOGES, "depart": "rouen", **changed})
    assert answer.status_code == 422
    assert f'id="{field}-erreur"' in answer.content.decode()
    assert Academy.objects.count() == 1


def test_a_contradiction_is_refused_with_its_field_and_reason(rouen: Academy, chief: Client) -> None:
    wrong = '[second_factor]\nrequirement = "required"\nmethods = ["recovery_codes"]\n'
    answer = post(chief, NEW, **LIMOGES, toml=wrong)
    assert answer.status_code == 422
    assert "second_factor.methods" in said(answer)
    assert "des codes de secours ne suffisent pas" in said(answer)
    # The second step takes nothing on trust either.
    answer = post(chief, NEW, **LIMOGES, toml=wrong, etape="creer", motif="x")
    assert answer.status_code == 422
    assert Academy.objects.count() == 1


def test_who_was_quicker_is_said(rouen: Academy, chief: Client) -> None:
    sent = looked_at(post(chief, NEW, **LIMOGES, depart="rouen"))
    assert post(chief, NEW, **sent, motif="x").status_code == 302
    again = post(chief, NEW, **sent, motif="x")
    assert again.status_code == 422
    assert "déjà pris" in said(again)


HOSTILE = [
    b"a = " + b"[" * 60_000,
    b"a = " + b"9" * 60_000,
    b"[lock]\nattempts = 1" + b"0" * 5_000,
    b"\xff\xfe\x00",
    b"# " + b"x" * 70_000,
    b"[lock]\nattempts = inf",
    b'[lock]\nscope = """<script>alert(1)</script>"""',
    b"=",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_file_is_more_than_refused(rouen: Academy, chief: Client, text: bytes) -> None:
    for path, more in ((NEW, LIMOGES), ("/console/politique/rouen/ensemble/", {})):
        file = SimpleUploadedFile("mix.toml", text, "application/toml")
        answer = post(chief, path, **more, fichier=file)
        assert answer.status_code == 422
        assert 'id="toml-erreur"' in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()


# Who may ---------------------------------------------------------------------------------------------
def test_an_academys_dsi_reaches_no_other_and_comes_to_no_more(rouen: Academy, claire: Account) -> None:
    dsi = holder(rouen, Office.DSI)
    for path in ("/console/academies/", "/console/academies/rouen/", NEW):
        assert get(dsi, path).status_code in {403, 404}
        assert post(dsi, path, **LIMOGES, depart="rouen", motif="x").status_code in {403, 404, 405}
    assert "platform" not in get(dsi, page_of(claire, "charge/")).content.decode()
    answer = post(dsi, page_of(claire, "charge/"), motif="x", charge="platform")
    assert answer.status_code == 422
    assert not Mandate.objects.filter(account=claire).exists()
    row = charge(claire, Office.PLATFORM)
    assert post(dsi, f"/console/charges/{row.pk}/fin/", motif="x").status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None
    with pytest.raises(BadMandate):
        actions.end_mandate(
            row, by=DESK_OPERATOR.account("0" * 32, "192.0.2.1"), reason="x", now=row.starts_at
        )


def test_nobody_takes_the_account_of_who_is_charged_with_the_platform(rouen: Academy) -> None:
    chief = active(person(rouen, "Ada", "Chef", password=PASSWORD))
    charge(chief, Office.PLATFORM)
    for number, office in enumerate((Office.DSI, Office.HELP_DESK)):
        visitor = holder(rouen, office, f"Agent{number}")
        for path in ("reinitialiser/", "secondes-preuves/", "lettre/"):
            assert post(visitor, page_of(chief, path), motif="x").status_code == 403, path
        # It can still be shut, and at once.
        assert get(visitor, page_of(chief, "suspendre/")).status_code == 200


# Changing one ----------------------------------------------------------------------------------------
def sent_as_it_stands(text: str) -> dict[str, Any]:
    """What a browser sends of a policy's form that nobody touched."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", text):
        known = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, value = known.get("name", ""), known.get("value", "on")
        if name in ("", "csrfmiddlewaretoken") or (known.get("type") == "checkbox" and " checked" not in tag):
            continue
        if known.get("type") == "checkbox" and "value" in known:
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]+)" selected', inside)
        assert chosen, name
        sent[name] = chosen[1]
    return sent


def test_the_whole_form_sent_as_it_stands_changes_nothing(rouen: Academy, chief: Client) -> None:
    path = "/console/politique/rouen/tout/"
    page = get(chief, path).content.decode()
    assert "De 3 à 20." in page
    assert 'value="25 Mo"' in page or 'value="100 Mo"' in page
    assert "Rien ne change" in said(post(chief, path, **sent_as_it_stands(page)))


def test_rules_that_stand_only_together_are_changed_together(rouen: Academy, chief: Client) -> None:
    path = "/console/politique/rouen/tout/"
    sent = sent_as_it_stands(get(chief, path).content.decode())
    sent |= {"second_factor.requirement": "contextual", "second_factor.contexts": ["outside_network"]}
    refused = post(chief, path, **{**sent, "own_networks": ""})
    assert refused.status_code == 422
    assert 'href="#own_networks"' in refused.content.decode()
    assert "aucun réseau n’est dit être le sien" in said(refused)
    looked = post(chief, path, **{**sent, "own_networks": "10.0.0.0/8", "mail.attachment_bytes": "50 Mo"})
    assert "50\u00a0Mo" in said(looked)
    post(chief, "/console/politique/rouen/appliquer/", **hidden(looked), motif="Comité")
    policy = policy_for(rouen)
    assert policy.second_factor.contexts == ("outside_network",)
    assert policy.mail.attachment_bytes == 50_000_000


def test_a_number_that_is_none_is_told_in_words(rouen: Academy, chief: Client) -> None:
    path = "/console/politique/rouen/lock/"
    sent = sent_as_it_stands(get(chief, path).content.decode())
    for wrong, words in (
        ("1", "il faut 3 au moins"),
        ("99", "il faut 20 au plus"),
        ("9" * 5000, "nombre entier"),
        ("trois", "nombre entier"),
    ):
        answer = post(chief, path, **{**sent, "lock.attempts": wrong})
        assert answer.status_code == 422
        assert words in said(answer)
        assert "Expected" not in said(answer)


@pytest.mark.parametrize("size", [0, 1, 1_000_000, 25_000_000, 25_165_824, 5_000_000_000, 10**13])
def test_sizes_are_read_as_they_are_written(size: int) -> None:
    for letter in ("o", "B"):
        assert parsed_size(written(size, letter)) == size


@pytest.mark.parametrize(
    ("typed", "size"),
    [("1,5 Go", 1_500_000_000), ("25\u00a0Mo", 25_000_000), ("2g", 2_000_000_000), ("-1", "-1"), ("", "")],
)
def test_sizes_as_people_type_them(typed: str, size: int | str) -> None:
    assert parsed_size(typed) == size


# Versions --------------------------------------------------------------------------------------------
def test_an_earlier_version_is_seen_fetched_and_come_back_to(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    before = policy_for(rouen)
    change(rouen, "lock.attempts=7")
    first, latest = revisions(rouen)[1], revisions(rouen)[0]
    page = said(get(visitor, f"/console/politique/rouen/versions/{latest.number}/"))
    assert "C’est la version en vigueur" in page
    path = f"/console/politique/rouen/versions/{first.number}/"
    assert "Ce qui la sépare de celle en vigueur" in said(get(visitor, path))
    file = get(visitor, f"{path}toml/")
    assert file["Content-Disposition"] == f'attachment; filename="politique-rouen-{first.number}.toml"'
    assert file.content.decode() == as_toml(before)
    looked = get(visitor, f"{path}reprendre/")
    assert "Essais avant blocage" in said(looked)
    assert policy_for(rouen).lock.attempts == 7
    post(visitor, "/console/politique/rouen/appliquer/", **hidden(looked), motif="Retour")
    assert policy_for(rouen) == before
    assert revisions(rouen)[0].number == latest.number + 1
    assert get(visitor, "/console/politique/rouen/versions/99/").status_code == 404


def test_what_is_fetched_can_be_given_back(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    file = get(visitor, "/console/politique/rouen/toml/")
    again = SimpleUploadedFile("politique.toml", file.content)
    answer = post(visitor, "/console/politique/rouen/ensemble/", fichier=again)
    assert "Rien ne change" in said(answer)


def test_a_version_that_no_longer_stands_is_not_come_back_to(rouen: Academy, chief: Client) -> None:
    number = revisions(rouen)[0].number
    row = revisions(rouen)[0]
    row.values["sign_in"]["names"] = []
    row.save(update_fields=["values"])
    sound = with_changes(shipped("rouen"), ["lock.attempts=6"])
    adopt(rouen, sound, by=DESK_OPERATOR, reason="tests", now=row.at)
    page = get(chief, f"/console/politique/rouen/versions/{number}/reprendre/")
    assert "Elle ne tient plus" in said(page)
    assert "sign_in.names" in said(page)
    assert "Mettre en vigueur" not in said(page)
