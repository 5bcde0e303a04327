"""Trusted devices: what their cookie is worth, to whom, and until when."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from casier.directory.models import Account
from casier.identity.api import end_sessions, set_password
from casier.identity.factors.models import TrustedDevice
from casier.kernel.secret import Secret
from engines.factors_scene import MANAGE, SHOW, ask, code_of, enrolled, get, paul, post
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "paul", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def pass_once(browser: Client, secret: Secret, **more: str) -> Any:
    sign_in(browser, **more)
    return post(browser, SHOW, moyen="application", code=code_of(secret), confiance="on")


def again_with(cookies: Any, **more: str) -> tuple[Client, Any]:
    """Another sign-in of a browser that has kept nothing but the cookie of trust."""
    later = new_browser()
    for name, cookie in cookies.items():
        if "confiance" in name:
            later.cookies[name] = cookie.value
    sign_in(later, **more)
    return later, get(later, SHOW)


def test_a_trusted_device_is_not_asked_again_and_its_cookie_is_safe(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    cookie = next(cookie for name, cookie in browser.cookies.items() if "confiance" in name)
    assert cookie.key.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    later, answer = again_with(browser.cookies)
    assert answer["Location"] == "/courrier/"
    assert signed_in(later)


def test_trust_of_another_account_is_worth_nothing(claire: Account, paul: Account, browser: Client) -> None:
    ask(claire.academy)
    enrolled(paul)
    pass_once(browser, enrolled(claire))
    token = next(v.value for k, v in browser.cookies.items() if "confiance" in k)
    from casier.identity.factors import trust

    other = new_browser()
    other.cookies[trust.cookie_name(paul)] = token
    sign_in(other, "paul.durand")
    assert get(other, SHOW).status_code == 200
    assert not signed_in(other)


@pytest.mark.parametrize("end", ["password", "everywhere", "forgotten", "policy"])
def test_trust_ends(claire: Account, browser: Client, end: str) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    password = PASSWORD
    if end == "password":
        password = "Ardoise-Craie-Encre-2048"
        set_password(claire, Secret(password), BY)
    elif end == "everywhere":
        end_sessions(claire, "tests", BY)
    elif end == "forgotten":
        assert post(browser, f"{MANAGE}appareils/oublier/")["Location"] == MANAGE
    else:
        ask(claire.academy, trusted_days=0)
    later, answer = again_with(browser.cookies, password=password)
    assert answer.status_code == 200
    assert not signed_in(later)


def test_one_browser_that_signs_out_stays_trusted(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    pass_once(browser, enrolled(claire))
    browser.post("/deconnexion/", secure=True)
    assert again_with(browser.cookies)[1]["Location"] == "/courrier/"


def test_a_shared_computer_is_never_trusted(claire: Account, browser: Client) -> None:
    ask(claire.academy)
    secret = enrolled(claire)
    sign_in(browser, poste_partage="on")
    assert "confiance" not in get(browser, SHOW).content.decode()
    post(browser, SHOW, moyen="application", code=code_of(secret), confiance="on")
    assert signed_in(browser)
    assert not TrustedDevice.objects.exists()
