"""Gateways against real peers: an HTTP service and an SMPP message centre, well and ill."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from casier.identity.dispatch.gateways.configured import HttpSettings, SmppSettings
from casier.identity.dispatch.gateways.http import HttpGateway
from casier.identity.dispatch.gateways.outcome import Message, NotTaken, Refused, Taken, Unsure
from casier.identity.dispatch.gateways.smpp import SmppGateway
from casier.kernel.secret import Secret
from engines.roads_rig import free_port
from smpp_centre import INVALID_DESTINATION, THROTTLED, Centre, serve
from waiting import wait_until

pytestmark = pytest.mark.engines
CODE = "482913"
TEXT = f"{CODE} : votre code Académie de Rouen, valable 10 minutes. Ne le donnez à personne."
SMS = Message("a1b2", "sms", "+33612345601", TEXT)
KEY = Secret("clef-tres-secrete")


@dataclass
class Service:
    """What the HTTP service answers, and what it heard."""

    status: int = 200
    answer: str = "{}"
    hangs_up: bool = False
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    said = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said.heard.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            if said.hangs_up:
                self.connection.close()
                return
            self.send_response(said.status)
            self.send_header("Content-Length", str(len(said.answer)))
            self.end_headers()
            self.wfile.write(said.answer.encode())

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    said.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
    yield said
    server.shutdown()
    server.server_close()


OPEN: list[HttpGateway] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def http(url: str, **more: Any) -> HttpGateway:
    given: dict[str, Any] = {"json": {"to": "{number}", "text": "{text}", "id": "{id}"}, "timeout": 2.0}
    OPEN.append(HttpGateway(HttpSettings(name="operateur", url=url, **{**given, **more}), KEY))
    return OPEN[-1]


def test_a_message_goes_as_the_settings_write_it(service: Service) -> None:
    service.answer = json.dumps({"messages": [{"id": "m-77"}]})
    gateway = http(
        service.url,
        headers={"Authorization": "Bearer {secret}"},
        json={"messages": [{"to": "{number}", "body": "{text}"}], "ref": "{id}", "from": "{sender}"},
        sender="Casier",
        reference="messages.0.id",
    )
    assert gateway.send(SMS) == Taken("m-77")
    path, headers, body = service.heard[0]
    assert (path, headers["authorization"]) == ("/messages", "Bearer clef-tres-secrete")
    assert json.loads(body) == {
        "messages": [{"to": "+33612345601", "body": TEXT}], "ref": "a1b2", "from": "Casier",
    }  # fmt: skip


def test_forms_and_queries_are_written_too(service: Service) -> None:
    assert isinstance(http(service.url, json=None, form={"n": "{number}", "t": "{text}"}).send(SMS), Taken)
    assert parse_qs(service.heard[0][2].decode()) == {"n": ["+33612345601"], "t": [TEXT]}
    query = {"n": "{number}", "k": "{secret}"}
    assert isinstance(http(service.url, json=None, query=query, method="GET").send(SMS), Taken)
    assert parse_qs(urlsplit(service.heard[1][0]).query) == {"n": ["+33612345601"], "k": [KEY.reveal()]}


def test_what_is_filled_in_is_never_filled_in_again(service: Service) -> None:
    http(service.url).send(Message("x", "sms", "+33612345601", 'a "{secret}" {number}\r\nX: y'))
    assert json.loads(service.heard[0][2])["text"] == 'a "{secret}" {number}\r\nX: y'


def test_a_spoken_code_has_its_words_and_its_language(service: Service) -> None:
    gateway = http(service.url, json={"say": "{text}", "lang": "{language}", "to": "{number}"}, voice=True)
    gateway.send(Message("v", "voice", "+33123456789", "Votre code est : 4, 8.", "48", "fr"))
    assert json.loads(service.heard[0][2])["lang"] == "fr-FR"
    assert gateway.carries("voice")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Taken),
        (400, NotTaken),
        (401, NotTaken),
        (404, Refused),
        (429, NotTaken),
        (500, Unsure),
        (503, NotTaken),
    ],
)
def test_what_a_status_means(service: Service, status: int, kind: type) -> None:
    service.status = status
    assert isinstance(http(service.url, refused=(404,)).send(SMS), kind)


def test_a_good_status_may_hold_a_bad_answer(service: Service) -> None:
    gateway = http(service.url, success_field="state", success_values=("queued",))
    service.answer = '{"state": "queued"}'
    assert isinstance(gateway.send(SMS), Taken)
    service.answer = '{"state": "no credit"}'
    assert gateway.send(SMS) == NotTaken("state: no credit", rests=False)
    service.answer = "not JSON"
    assert isinstance(gateway.send(SMS), NotTaken)


def test_a_service_that_is_down_certainly_has_nothing() -> None:
    assert isinstance(http(f"http://127.0.0.1:{free_port()}/").send(SMS), NotTaken)


def test_settings_that_can_not_work_send_nothing(service: Service, tmp_path: Path) -> None:
    """…and count as certain: the next gateway is asked."""
    assert http(service.url, ca=str(tmp_path / "missing.pem")).send(SMS) == NotTaken("settings")
    assert isinstance(http(service.url, headers={"X-Key": "a\r\nb: c"}).send(SMS), NotTaken)
    settings = SmppSettings(
        name="c", host="127.0.0.1", port=free_port(), system_id="casier", timeout=0.5, tls=False
    )
    gateway = SmppGateway(settings, Secret("far longer than eight"), lambda *_: None)
    assert gateway.send(SMS) == NotTaken("settings")
    assert gateway.send(SMS) == NotTaken("settings")
    gateway.close()
    assert not service.heard


def test_a_service_that_hangs_up_may_have_it(service: Service) -> None:
    service.hangs_up = True
    assert isinstance(http(service.url).send(SMS), Unsure)
    assert len(service.heard) == 1


def test_neither_key_nor_code_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    http(service.url, json=None, query={"k": "{secret}", "t": "{text}"}).send(SMS)
    service.hangs_up = True
    http(service.url).send(SMS)
    for secret in (KEY.reveal(), CODE, "612345601"):
        assert secret not in "\n".join(line for line in caplog.text.splitlines() if "httpcore" not in line)
    assert KEY.reveal() not in repr(http(service.url))


# SMPP --------------------------------------------------------------------------------------------
@pytest.fixture
def centre() -> Iterator[Centre]:
    one = Centre()
    server = serve(one)
    yield one
    server.shutdown()
    server.server_close()


@dataclass
class Line:
    """A gateway on a centre, and the receipts that it told of."""

    gateway: SmppGateway
    receipts: list[tuple[str, str, bool]]


@pytest.fixture
def line(centre: Centre) -> Iterator[Line]:
    receipts: list[tuple[str, str, bool]] = []
    settings = SmppSettings(
        name="centre", host="127.0.0.1", port=centre.port, system_id="casier", sender="Casier",
        timeout=1.5, tls=False,
    )  # fmt: skip
    gateway = SmppGateway(settings, Secret("secret"), lambda *told: receipts.append(told))
    yield Line(gateway, receipts)
    gateway.close()


def test_a_text_goes_in_the_alphabet_of_text_messages(centre: Centre, line: Line) -> None:
    assert line.gateway.send(SMS) == Taken("m1")
    one = centre.got[0]
    assert (one.sender, one.number, one.coding, one.part) == ("Casier", "33612345601", 0, None)
    assert one.text == TEXT.replace("\u00a0", " ")
    assert line.gateway.send(SMS) == Taken("m2")
    assert centre.binds == 1


def test_other_letters_go_as_ucs2_and_long_texts_in_parts(centre: Centre, line: Line) -> None:
    greek = "Ваш код 482913 " * 12
    assert isinstance(line.gateway.send(Message("c", "sms", "+33612345601", greek)), Taken)
    parts = sorted(centre.got, key=lambda one: one.part or (0, 0, 0))
    assert {one.coding for one in parts} == {8}
    assert len(parts) > 1
    assert "".join(one.text for one in parts) == greek


def test_a_number_that_does_not_exist_is_refused_for_good(centre: Centre, line: Line) -> None:
    centre.status = INVALID_DESTINATION
    assert isinstance(line.gateway.send(SMS), Refused)


def test_a_centre_with_too_much_to_do_has_not_taken_it(centre: Centre, line: Line) -> None:
    centre.status = THROTTLED
    assert isinstance(line.gateway.send(SMS), NotTaken)


def test_a_centre_that_does_not_answer_may_have_it(centre: Centre, line: Line) -> None:
    centre.mute = True
    assert isinstance(line.gateway.send(SMS), Unsure)
    assert len(centre.got) == 1


def test_a_connection_that_breaks_is_made_again_and_nothing_goes_twice(centre: Centre, line: Line) -> None:
    assert isinstance(line.gateway.send(SMS), Taken)
    centre.hangs_up = True
    assert isinstance(line.gateway.send(Message("b", "sms", "+33612345602", "second")), Unsure)
    centre.hangs_up = False
    wait_until("a new connection", lambda: centre.binds == 2)
    assert isinstance(line.gateway.send(Message("c", "sms", "+33612345603", "third")), Taken)
    assert [one.text for one in centre.got][1:] == ["second", "third"]


def test_a_centre_that_is_down_or_wants_another_password_has_nothing(centre: Centre) -> None:
    for port, password in ((free_port(), "secret"), (centre.port, "other")):
        settings = SmppSettings(
            name="c", host="127.0.0.1", port=port, system_id="casier", timeout=0.5, tls=False
        )
        gateway = SmppGateway(settings, Secret(password), lambda *_: None)
        assert isinstance(gateway.send(SMS), NotTaken)
        gateway.close()
    assert not centre.got


def test_receipts_are_told(centre: Centre, line: Line) -> None:
    line.gateway.send(SMS)
    line.gateway.send(Message("b", "sms", "+33612345602", "second"))
    centre.receipt("m1", "DELIVRD")
    centre.receipt("m2", "UNDELIV")
    wait_until("both receipts", lambda: len(line.receipts) == 2)
    assert line.receipts == [("centre", "m1", True), ("centre", "m2", False)]


def test_the_library_logs_no_code_and_no_password(
    centre: Centre, line: Line, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    line.gateway.send(SMS)
    centre.hangs_up = True
    line.gateway.send(Message("b", "sms", "+33612345602", TEXT))
    written = caplog.text + "".join(capfd.readouterr())
    for secret in (CODE, "61234560", "secret"):
        assert secret not in written
