"""A contributor's way in by text message: through a message centre, to the page that it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from casier.audit.api import Actor
from casier.contributors import api
from casier.contributors.models import Stay
from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Academy, Office, School
from casier.identity.dispatch.fate import Fate
from casier.identity.dispatch.gateways import chosen
from casier.identity.dispatch.gateways.outcome import Gateway
from casier.identity.dispatch.models import Dispatch
from engines.activation_scene import DETAILS, at, post
from engines.console_scene import MONOD, active, charge
from engines.means_scene import Post, lane, plain
from engines.portal_scene import emptied, redis_server
from smpp_centre import INVALID_DESTINATION, Centre, serve
from unit.identity_people import BY, academy, person

__all__ = ["emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
MOBILE, MAIL = "06 12 34 56 01", "ines.delmas@laposte.net"
OPERATOR = Actor.operator("tests")


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    """A message centre, and an instance whose settings name it."""
    one = Centre()
    server = serve(one)
    gateway = {
        "kind": "smpp", "name": "centre", "host": "127.0.0.1", "port": one.port, "system_id": "casier",
        "sender": "Casier", "timeout": 2.0, "tls": False,
    }  # fmt: skip
    monkeypatch.setitem(settings.CASIER_INSTANCE.settings, "telephone", {"gateways": [gateway]})
    secret = settings.CASIER_INSTANCE.secrets / "telephone-centre.secret"
    secret.write_text(one.password, "utf-8")
    yield one
    secret.unlink()
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateways(centre: Centre) -> Iterator[list[Gateway]]:
    made = chosen.make_gateways(settings.CASIER_INSTANCE, lambda *_: None)
    yield made
    for one in made:
        one.close()


@pytest.fixture
def caen() -> Academy:
    """An academy that gives arrival codes, with a school and its head."""
    made = academy("normandie", ("ac-normandie.fr",))
    actions.create_school(made, NewSchool(MONOD, "Collège Monod"), by=BY, reason="tests", now=timezone.now())
    head = active(person(made, "Alix", "Morel"))
    charge(head, Office.HEAD, MONOD)
    return made


def begun(where: Academy, **reached: Any) -> Stay:
    """A contributor for whom the head gave these ways to reach them."""
    today, school = timezone.localdate(), School.objects.get(uai=MONOD)
    wanted = api.Wanted(
        "Inès", "Delmas", "Théâtre", today, today + timedelta(days=20), "atelier",
        birth_date=today.replace(year=1990, day=1), **reached,
    )  # fmt: skip
    head = where.accounts.get(person__family_name="Morel")
    request = api.ask(school, wanted, asker=head, by=OPERATOR, now=timezone.now())
    return api.approve(request, api.Agreed(), by=OPERATOR, now=timezone.now())


def code_in(text: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    return found[0] if found else ""


def test_a_code_goes_to_the_mobile_and_opens_the_account(
    caen: Academy, centre: Centre, gateways: list[Gateway]
) -> None:
    begun(caen, telephone=MOBILE)
    lane(*gateways).step()
    (sent,) = centre.got
    assert (sent.sender, sent.number) == ("Casier", "33612345601")
    assert sent.text.startswith("normandie") or caen.name in sent.text
    row = Dispatch.objects.get(why="invitation")
    assert (row.state, row.gateway) == (Fate.SENT, "centre")
    assert "12345601" not in row.hint.replace(" ", "")
    code = code_in(sent.text)
    assert code
    answer = post(at("normandie"), "/activation/", code=code)
    assert (answer.status_code, answer["Location"]) == (302, DETAILS)


def test_with_an_address_beside_what_opens_goes_by_one_road_alone(
    caen: Academy, centre: Centre, gateways: list[Gateway]
) -> None:
    begun(caen, telephone=MOBILE, mail=MAIL)
    letters = Post()
    lane(*gateways, mail=letters).step()
    (sent,) = centre.got
    (mail,) = (one for one in letters.mails if MAIL in str(one["To"]))  # the head's is the other
    code = code_in(sent.text)
    assert code
    assert code not in plain(mail)
    assert not code_in(plain(mail))
    assert "par SMS" in plain(mail)
    assert "http" not in sent.text


def test_sent_again_the_first_code_opens_nothing(
    caen: Academy, centre: Centre, gateways: list[Gateway]
) -> None:
    stay = begun(caen, telephone=MOBILE)
    lane(*gateways).step()
    assert api.send_again(stay, by=OPERATOR, now=timezone.now())
    lane(*gateways).step()
    first, second = (code_in(one.text) for one in centre.got)
    assert first != second
    assert post(at("normandie"), "/activation/", code=first).status_code == 422
    assert post(at("normandie"), "/activation/", code=second).status_code == 302


def test_a_number_that_takes_nothing_is_known_and_the_sheet_is_left(
    caen: Academy, centre: Centre, gateways: list[Gateway]
) -> None:
    centre.status = INVALID_DESTINATION
    stay = begun(caen, telephone=MOBILE)
    lane(*gateways).step()
    row = Dispatch.objects.get(why="invitation")
    assert (row.state, row.gateway) == (Fate.FAILED, "centre")
    lost = code_in(centre.got[0].text)
    assert api.printed(stay, by=OPERATOR, now=timezone.now()).startswith(b"%PDF")
    assert post(at("normandie"), "/activation/", code=lost).status_code == 422
