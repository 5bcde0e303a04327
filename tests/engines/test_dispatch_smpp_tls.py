"""SMPP over TLS, with a real message centre: what goes through, and what a wrong certificate never gets."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casier.identity.dispatch.gateways import smpp
from casier.identity.dispatch.gateways.configured import SmppSettings
from casier.identity.dispatch.gateways.outcome import Message, NotTaken, Taken, Unsure
from casier.identity.dispatch.gateways.smpp import SmppGateway
from casier.kernel.secret import Secret
from smpp_centre import Centre, serve
from tls_of_tests import server_context
from waiting import wait_until

pytestmark = pytest.mark.engines
SMS = Message("a1b2", "sms", "+33612345601", "482913, votre code.")
PASSWORD = "secret"
GatewayTo = Callable[..., SmppGateway]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handshake on one machine takes milliseconds: who waits longer for it waits in vain."""
    monkeypatch.setattr(smpp, "_BIND_SECONDS", 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


@pytest.fixture
def centre(folder: Path) -> Iterator[Centre]:
    one = Centre(tls=server_context(folder))
    server = serve(one)
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway_to() -> Iterator[GatewayTo]:
    opened: list[SmppGateway] = []

    def made(host: str, port: int, ca: Path | str = "", timeout: float = 1.5) -> SmppGateway:
        settings = SmppSettings(
            name="centre", host=host, port=port, system_id="casier", ca=str(ca), timeout=timeout
        )
        opened.append(SmppGateway(settings, Secret(PASSWORD), lambda *_: None))
        return opened[-1]

    yield made
    for gateway in opened:
        gateway.close()


def test_a_message_goes_encrypted_and_a_broken_connection_is_made_again(
    centre: Centre, folder: Path, gateway_to: GatewayTo
) -> None:
    gateway = gateway_to("localhost", centre.port, folder / "ca.pem")
    assert gateway.send(SMS) == Taken("m1")
    assert centre.got[0].number == "33612345601"
    assert set(centre.spoke) <= {"TLSv1.2", "TLSv1.3"}
    centre.hangs_up = True
    assert isinstance(gateway.send(Message("b", "sms", "+33612345602", "second")), Unsure)
    centre.hangs_up = False
    wait_until("a new connection", lambda: centre.binds == 2)
    assert isinstance(gateway.send(Message("c", "sms", "+33612345603", "third")), Taken)
    assert len(centre.spoke) == 2


def test_a_centre_that_nobody_vouches_for_gets_neither_password_nor_message(
    centre: Centre, gateway_to: GatewayTo, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(gateway_to("localhost", centre.port, timeout=0.5).send(SMS), NotTaken)
    assert (centre.binds, centre.got) == (0, [])
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any("gateway centre: no TLS" in text and "certificate verify failed" in text for text in told)
    assert PASSWORD not in caplog.text


def test_a_certificate_of_another_name_is_no_centre_of_ours(folder: Path, gateway_to: GatewayTo) -> None:
    one = Centre(tls=server_context(folder))
    server = serve(one, host="127.0.0.2")  # the certificate is for localhost and 127.0.0.1
    gateway = gateway_to("127.0.0.2", one.port, folder / "ca.pem", 0.5)
    assert isinstance(gateway.send(SMS), NotTaken)
    server.shutdown()
    server.server_close()
    assert (one.binds, one.got) == (0, [])


def test_nothing_falls_back_to_clear_text(gateway_to: GatewayTo) -> None:
    """Who sits in between and knows no TLS hears a greeting, and no password."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            peer, _from = listener.accept()
            with peer:
                peer.settimeout(5)
                heard.append(peer.recv(65536))
                peer.sendall(b"\0\0\0\x10\x80\0\0\x09\0\0\0\0\0\0\0\x01")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        assert isinstance(gateway_to("127.0.0.1", port, timeout=0.5).send(SMS), NotTaken)
        thread.join(10)
    assert heard[0][0] == 0x16  # a handshake (RFC 8446 §5.1)
    assert PASSWORD.encode() not in b"".join(heard)


def test_authorities_that_can_not_be_read_are_settings_to_mend(tmp_path: Path, gateway_to: GatewayTo) -> None:
    gateway = gateway_to("localhost", 3550, tmp_path / "missing.pem")
    assert gateway.send(SMS) == NotTaken("settings")
    assert gateway.send(SMS) == NotTaken("settings")


def test_the_port_is_the_registered_one_unless_another_is_given() -> None:
    def port(*, tls: bool, given: int | None = None) -> int:
        return SmppSettings(name="c", host="h", system_id="s", tls=tls, port=given).usual_port

    assert (port(tls=True), port(tls=False), port(tls=True, given=8775)) == (3550, 2775, 8775)
