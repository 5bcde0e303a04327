"""Signatures that others can verify, and the verdict on theirs: DKIM, ARC, SPF and DMARC."""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import dkim
import pytest

from casier.engines.rspamd.dkim import dns_record
from casier.engines.rspamd.engine import Rspamd
from casier.engines.rspamd.spec import SELECTOR, dkim_folder
from engines.roads_mail import author, plain, subject
from engines.roads_rig import ALICE, Outside, Rig, Store
from waiting import within

pytestmark = pytest.mark.engines
FRIEND = "ami@ailleurs.example"


class Zone(socketserver.ThreadingUDPServer):
    """A name server that knows TXT records only; everything else is NXDOMAIN."""

    daemon_threads = True
    records: dict[str, str]


class _Query(socketserver.BaseRequestHandler):
    server: Zone

    def handle(self) -> None:
        packet, reply_to = self.request
        labels, at = [], 12
        while size := packet[at]:
            labels.append(packet[at + 1 : at + 1 + size].decode())
            at += size + 1
        question = packet[12 : at + 5]
        kind = struct.unpack("!H", packet[at + 1 : at + 3])[0]
        text = self.server.records.get(".".join(labels).lower())
        found = text is not None and kind == 16
        flags, answer = (0x8180 if text is not None else 0x8183), b""
        if found and text is not None:
            pieces = [text[i : i + 255].encode() for i in range(0, len(text), 255)]
            data = b"".join(bytes([len(piece)]) + piece for piece in pieces)
            answer = b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(data)) + data
        head = packet[:2] + struct.pack("!HHHHH", flags, 1, int(found), 0, 0)
        reply_to.sendto(head + question + answer, self.client_address)


@pytest.fixture(scope="module")
def zone(roads: tuple[Rig, Store, Outside]) -> Iterator[Zone]:
    """The rig with a name server: checks of who sends are on."""
    rig = roads[0]
    server = Zone(("127.0.0.1", 0), _Query)
    key = dns_record(dkim_folder(rig.instance), "ac-un.test", SELECTOR)
    server.records = {
        key.name: key.value,
        "ac-un.test": "v=spf1 ip4:192.0.2.1 -all",
        "_dmarc.ac-un.test": "v=DMARC1; p=reject",
        "juste.example": "v=spf1 ip4:127.0.0.1 -all",
        "faux.example": "v=spf1 ip4:192.0.2.1 -all",
        "_dmarc.severe.example": "v=DMARC1; p=reject",
        "_dmarc.prudent.example": "v=DMARC1; p=quarantine",
        "_dmarc.juste.example": "v=DMARC1; p=reject",
    }
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    facts = rig.facts
    rig.facts = replace(facts, resolvers=(f"127.0.0.1:{server.server_address[1]}",))
    try:
        with rig.stopped("rspamd"):
            rig.configure(Rspamd())
        yield server
    finally:
        rig.facts = facts
        with rig.stopped("rspamd"):
            rig.configure(Rspamd())
        server.shutdown()
        server.server_close()


def published(rig: Rig):
    """What dkimpy asks DNS for."""
    records = {
        f"{SELECTOR}._domainkey.{domain}.": dns_record(dkim_folder(rig.instance), domain, SELECTOR).value
        for domain in rig.facts.domains
    }

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return records[name.decode()].encode()

    return txt


@pytest.mark.parametrize("road", ["clients", "jmap"])
def test_the_outside_can_verify_what_our_people_write(rig: Rig, outside: Outside, road: str) -> None:
    title = subject()
    rig.hand_in(road, plain(road, title), FRIEND)
    data = outside.arrived(title).data
    assert dkim.verify(data, dnsfunc=published(rig))
    assert not dkim.verify(data.replace(b"Bonjour", b"Bonsoir"), dnsfunc=published(rig))
    assert not dkim.verify(data.replace(ALICE.encode(), b"carol@ac-un.test"), dnsfunc=published(rig))


def test_the_outside_can_verify_the_seal_on_what_a_rule_passes_on(rig: Rig, outside: Outside) -> None:
    title = subject()
    rig.hand_in("redirect", plain("redirect", title), FRIEND)
    data = outside.arrived(title).data
    verdict, _, reason = dkim.arc_verify(data, dnsfunc=published(rig))
    assert verdict == dkim.CV_Pass, reason
    verdict, _, _ = dkim.arc_verify(data.replace(b"Bonjour", b"Bonsoir"), dnsfunc=published(rig))
    assert verdict == dkim.CV_Fail


def test_without_dns_nothing_waits_for_it(rig: Rig, store: Store) -> None:
    def come_in() -> float:
        title = subject()
        began = time.monotonic()
        rig.hand_in("public", plain("public", title))
        assert "X-Spam" not in store.arrived(title).message
        took = time.monotonic() - began
        line = next(one for one in reversed(rig.log("rspamd").splitlines()) if "rspamd_task_write_log" in one)
        assert "dns req: 0" in line
        return took

    within(3, come_in)


def test_what_others_write_is_not_signed_with_our_keys(rig: Rig, store: Store) -> None:
    for claimed in (author("public"), ALICE):
        title = subject()
        message = plain("public", title).replace(author("public").encode(), claimed.encode())
        rig.hand_in("public", message)
        assert "DKIM-Signature" not in store.arrived(title).message


def from_outside(rig: Rig, sender: str, message: bytes) -> None:
    with rig.public() as smtp:
        smtp.sendmail(sender, ["bob@ac-un.test"], message)


def written_by(sender: str, title: str) -> bytes:
    return plain("public", title).replace(author("public").encode(), sender.encode())


def test_spf_is_checked(rig: Rig, store: Store, zone: Zone) -> None:
    for domain, verdict in (("juste.example", "spf=pass"), ("faux.example", "spf=fail")):
        title = subject()
        from_outside(rig, f"a@{domain}", written_by(f"a@{domain}", title))
        assert verdict in str(store.arrived(title).message["Authentication-Results"])


def test_dmarc_is_checked_and_obeyed(rig: Rig, store: Store, zone: Zone) -> None:
    title = subject()
    from_outside(rig, "a@juste.example", written_by("a@juste.example", title))
    assert "dmarc=pass" in str(store.arrived(title).message["Authentication-Results"])
    title = subject()
    from_outside(rig, "a@prudent.example", written_by("a@prudent.example", title))
    assert store.arrived(title).message["X-Spam"] == "Yes"
    with pytest.raises(Exception, match="DMARC") as refusal:
        from_outside(rig, "a@severe.example", written_by("a@severe.example", subject()))
    assert getattr(refusal.value, "smtp_code", 0) == 554


def test_our_own_name_cannot_be_taken_from_outside(rig: Rig, store: Store, zone: Zone) -> None:
    """Our domains ask for DMARC themselves; what our people have signed comes back in all the same."""
    with pytest.raises(Exception, match="DMARC") as refusal:
        from_outside(rig, "a@juste.example", written_by(ALICE, subject()))
    assert getattr(refusal.value, "smtp_code", 0) == 554


def test_our_signature_is_recognised_when_it_comes_back(
    rig: Rig, store: Store, outside: Outside, zone: Zone
) -> None:
    title = subject()
    rig.hand_in("clients", plain("clients", title), FRIEND)
    came_back = outside.arrived(title).data
    from_outside(rig, "liste@juste.example", came_back)
    verdict = str(store.arrived(title).message["Authentication-Results"])
    assert "dkim=pass header.d=ac-un.test" in verdict
    assert "dmarc=pass" in verdict


def test_a_name_server_that_is_silent_does_not_hold_mail_up(rig: Rig, store: Store, zone: Zone) -> None:
    records, zone.records = zone.records, {}
    try:
        title = subject()
        from_outside(rig, "a@ailleurs.example", written_by("a@ailleurs.example", title))
        store.arrived(title, 20)
    finally:
        zone.records = records
