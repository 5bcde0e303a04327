"""What people call their keys and applications: in the journal, and never the name of another one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.identity.factors.models import Factor, Totp, WebAuthnKey
from casier.identity.history.models import NoticeSent
from engines.factors_scene import (
    ADD,
    CONFIRM,
    MANAGE,
    SHOW,
    Authenticator,
    add_key,
    age_proof,
    ask,
    code_of,
    enrolled,
    get,
    post,
)
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
RENAMED = "identity.factor_renamed"


@pytest.fixture
def key(claire: Account, browser: Client) -> WebAuthnKey:
    """Claire is signed in; she has an application of codes and a key."""
    ask(claire.academy)
    secret = enrolled(claire)
    sign_in(browser)
    post(browser, SHOW, moyen="application", code=code_of(secret))
    add_key(browser, ADD, Authenticator(), "cle")
    return WebAuthnKey.objects.get(account=claire)


def renaming(row: Factor, kind: str) -> str:
    return f"{MANAGE}{kind}/{row.id}/renommer/"


def refused(answer: Any, why: str) -> bool:
    return answer.status_code == 422 and why in answer.content.decode()


def test_a_key_gets_another_name_without_a_fresh_proof(
    claire: Account, browser: Client, key: WebAuthnKey
) -> None:
    told = NoticeSent.objects.count()
    age_proof(browser)
    assert get(browser, f"{MANAGE}cle/{key.id}/retirer/")["Location"].startswith(CONFIRM)
    page = get(browser, renaming(key, "cle"))
    assert (page.status_code, f'value="{key.name}"' in page.content.decode()) == (200, True)
    assert post(browser, renaming(key, "cle"), nom="  Clé \u202ebleue\u200b  ")["Location"] == MANAGE
    assert "Clé bleue" in get(browser, MANAGE).content.decode()
    entry = JournalEntry.objects.select_related("payload").get(action=RENAMED)
    assert (entry.actor, entry.target) == (f"account:{claire.public_id}", f"account:{claire.public_id}")
    assert entry.payload.facts == {"kind": "cle", "name": "Clé bleue", "before": key.name}
    assert NoticeSent.objects.count() == told


def test_an_application_gets_another_name(claire: Account, browser: Client, key: WebAuthnKey) -> None:
    row = Totp.objects.get(account=claire)
    assert post(browser, renaming(row, "application"), nom="Pixel de secours")["Location"] == MANAGE
    assert Totp.objects.get(pk=row.pk).name == "Pixel de secours"


def test_no_name_is_empty_or_that_of_another(claire: Account, browser: Client, key: WebAuthnKey) -> None:
    """Or a thief's key could pass for the one that its owner means to keep."""
    application = Totp.objects.get(account=claire)
    address = renaming(key, "cle")
    assert refused(post(browser, address, nom=""), "Indiquez un nom")
    assert refused(post(browser, address, nom=" \u200b\u202e "), "Indiquez un nom")
    assert refused(post(browser, address, nom=f"{application.name.upper()} \u200b"), "porte déjà ce nom")
    assert post(browser, address, nom=key.name)["Location"] == MANAGE
    assert len(WebAuthnKey.objects.get(pk=key.pk).name) <= 80
    assert not JournalEntry.objects.filter(action=RENAMED).exists()
    assert post(browser, address, nom="clé " * 60)["Location"] == MANAGE
    assert len(WebAuthnKey.objects.get(pk=key.pk).name) <= 80


def test_nobody_names_what_is_another_s(claire: Account, browser: Client, key: WebAuthnKey) -> None:
    paul = person(claire.academy, "Paul", "Durand", PASSWORD)
    enrolled(paul)
    his = Totp.objects.get(account=paul)
    for kind in ("application", "cle", "telephone", "rien"):
        assert get(browser, renaming(his, kind)).status_code == 404
        assert post(browser, renaming(his, kind), nom="À moi").status_code == 404
    assert Totp.objects.get(pk=his.pk).name == his.name
    assert post(new_browser(), renaming(his, "application"), nom="x").status_code in {302, 403}


def test_names_are_shown_as_text(browser: Client, key: WebAuthnKey) -> None:
    post(browser, renaming(key, "cle"), nom="<b>x</b>")
    for address in (MANAGE, renaming(key, "cle")):
        assert "<b>x</b>" not in get(browser, address).content.decode()
