"""What may pass on each road, and what may not, seen from the outside: allow beside deny."""

from __future__ import annotations

import imaplib
import io
import smtplib
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import uuid4

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.jmap import Jmap, JmapFailure
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
# Written in two halves so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Person:
    address: str
    key: str
    password: str
    jmap: Jmap


def person(instance: RunningInstance, account: dict[str, str]) -> Person:
    password = instance.app_password(account["address"])
    jmap = Jmap(instance, account["address"], account["mailboxKey"], password)
    return Person(account["address"], account["mailboxKey"], password, jmap)


@pytest.fixture(scope="module")
def people(instance: RunningInstance) -> tuple[Person, Person]:
    """Two colleagues of one academy; the first one's mailbox key is not their address."""
    instance.demo()
    odd = next(a for a in instance.accounts if a["mailboxKey"] != a["address"])
    other = next(a for a in instance.accounts if a["academy"] == odd["academy"] and a is not odd)
    return person(instance, odd), person(instance, other)


def mail(sender: str, to: str, subject: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{uuid4().hex}@essai.test>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Bonjour,\n\nun message ordinaire.\n")
    return message


def signed_in(smtp: smtplib.SMTP, who: Person) -> smtplib.SMTP:
    try:
        smtp.login(who.address, who.password)
    except smtplib.SMTPException:
        smtp.close()
        raise
    return smtp


def smtps(instance: RunningInstance, who: Person) -> smtplib.SMTP:
    smtp: smtplib.SMTP = smtplib.SMTP_SSL("localhost", instance.port(Port.SMTPS), context=instance.tls)
    return signed_in(smtp, who)


def imaps(instance: RunningInstance) -> imaplib.IMAP4_SSL:
    return imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls)


def submission(instance: RunningInstance, who: Person) -> smtplib.SMTP:
    smtp = smtplib.SMTP("localhost", instance.port(Port.SUBMISSION))
    smtp.starttls(context=instance.tls)
    return signed_in(smtp, who)


def outside(instance: RunningInstance, _: Person) -> smtplib.SMTP:
    return smtplib.SMTP("localhost", instance.port(Port.SMTP))


Road = Callable[[RunningInstance, Person], smtplib.SMTP]
CLIENT_ROADS = pytest.mark.parametrize("road", [smtps, submission])


def arrives(who: Person, subject: str) -> None:
    wait_until(f"« {subject} » to arrive", lambda: who.jmap.subjects(contains=subject), 30)


@CLIENT_ROADS
def test_a_person_writes_as_themself(
    instance: RunningInstance, people: tuple[Person, Person], road: Road
) -> None:
    sender, reader = people
    subject = f"permis {uuid4().hex}"
    with road(instance, sender) as smtp:
        smtp.send_message(mail(sender.address, reader.address, subject))
    arrives(reader, subject)


def test_a_person_writes_as_themself_by_jmap(people: tuple[Person, Person]) -> None:
    sender, reader = people
    subject = f"permis {uuid4().hex}"
    sender.jmap.submit(sender.jmap.draft(reader.address, subject), reader.address)
    arrives(reader, subject)


@CLIENT_ROADS
@pytest.mark.parametrize("header", ["From", "Sender", "Resent_From"])
def test_a_colleague_cannot_be_impersonated_in_a_header(
    instance: RunningInstance, people: tuple[Person, Person], road: Road, header: str
) -> None:
    forger, victim = people
    sender, extra = (victim.address, {}) if header == "From" else (forger.address, {header: victim.address})
    message = mail(sender, victim.address, "usurpation", **extra)
    with road(instance, forger) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
        smtp.send_message(message, from_addr=forger.address)
    assert refusal.value.smtp_code == 554
    assert b"R-" in refusal.value.smtp_error


@CLIENT_ROADS
def test_a_colleague_cannot_be_impersonated_in_the_envelope(
    instance: RunningInstance, people: tuple[Person, Person], road: Road
) -> None:
    forger, victim = people
    with road(instance, forger) as smtp, pytest.raises(smtplib.SMTPException) as refusal:
        smtp.send_message(mail(victim.address, victim.address, "usurpation"))
    assert "554" in str(refusal.value)


@pytest.mark.parametrize("place", ["envelope", "from"])
def test_a_colleague_cannot_be_impersonated_by_jmap(people: tuple[Person, Person], place: str) -> None:
    forger, victim = people
    draft = forger.jmap.draft(victim.address, "usurpation")
    if place == "from":
        draft["from"] = [{"email": victim.address}]
    with pytest.raises(JmapFailure, match="R-"):
        forger.jmap.submit(draft, victim.address, victim.address if place == "envelope" else "")


def zipped(data: bytes, name: str = "eicar.com", times: int = 1) -> bytes:
    for _ in range(times):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        data, name = buffer.getvalue(), "inside.zip"
    return data


def forwarded(message: EmailMessage) -> EmailMessage:
    outer = mail(message["From"], message["To"], "TR : virus")
    outer.add_attachment(message)
    return outer


def infected(sender: str, to: str, how: str) -> EmailMessage:
    message = mail(sender, to, "virus")
    if how == "body":
        message.set_content(EICAR.decode() + "\n")
        return message
    data = {"plain": EICAR, "crlf": EICAR + b"\r\n", "zip": zipped(EICAR), "nested": zipped(EICAR, times=3)}
    message.add_attachment(
        data.get(how, EICAR), maintype="application", subtype="octet-stream", filename="piece.bin"
    )
    return forwarded(message) if how == "forwarded" else message


@pytest.mark.parametrize("how", ["plain", "crlf", "body", "zip", "nested", "forwarded"])
@pytest.mark.parametrize("road", [smtps, submission, outside])
def test_a_virus_is_refused(
    instance: RunningInstance, people: tuple[Person, Person], road: Road, how: str
) -> None:
    sender, reader = people
    author = "dehors@ailleurs.test" if road is outside else sender.address
    with road(instance, sender) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
        smtp.send_message(infected(author, reader.address, how))
    assert refusal.value.smtp_code == 554


def test_a_virus_is_refused_by_jmap(people: tuple[Person, Person]) -> None:
    sender, reader = people
    draft = sender.jmap.draft(reader.address, "virus", EICAR.decode())
    with pytest.raises(JmapFailure, match=r"(?i)virus"):
        sender.jmap.submit(draft, reader.address)


def test_an_infected_file_is_refused_at_upload(people: tuple[Person, Person]) -> None:
    sender, _ = people
    clean = sender.jmap.http.post(f"/jmap/upload/{sender.key}/", content=b"bonjour")
    infected_file = sender.jmap.http.post(f"/jmap/upload/{sender.key}/", content=EICAR)
    assert clean.status_code in {200, 201}
    assert infected_file.status_code == 422
    assert infected_file.json()["reference"].startswith("R-")


def test_port_25_relays_for_nobody(instance: RunningInstance, people: tuple[Person, Person]) -> None:
    _, reader = people
    with outside(instance, reader) as smtp:
        smtp.ehlo("client.test")
        smtp.mail("dehors@ailleurs.test")
        assert smtp.rcpt("quelqu.un@ailleurs.test")[0] in {454, 554}
        assert smtp.rcpt(f"personne.inconnue@{reader.address.split('@')[1]}")[0] == 550
        assert smtp.rcpt(reader.address)[0] == 250


def test_xclient_from_outside_is_refused(instance: RunningInstance, people: tuple[Person, Person]) -> None:
    with outside(instance, people[0]) as smtp:
        smtp.ehlo("client.test")
        assert smtp.docmd("XCLIENT", "ADDR=192.0.2.1 LOGIN=quelquun")[0] >= 500


def test_commands_sent_before_starttls_are_dropped(instance: RunningInstance) -> None:
    with socket.create_connection(("localhost", instance.port(Port.SUBMISSION)), timeout=10) as plain:
        plain.recv(500)
        plain.sendall(b"EHLO client.test\r\n")
        plain.recv(2000)
        plain.sendall(b"STARTTLS\r\nEHLO injected.test\r\nNOOP\r\n")
        assert plain.recv(500).count(b"\r\n") <= 1
        with instance.tls.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"QUIT\r\n")
            answer = secure.recv(500)
    assert b"250" not in answer


def test_no_sign_in_before_starttls(instance: RunningInstance, people: tuple[Person, Person]) -> None:
    with smtplib.SMTP("localhost", instance.port(Port.SUBMISSION)) as smtp:
        smtp.ehlo("client.test")
        assert "auth" not in smtp.esmtp_features


def test_bare_line_feeds_smuggle_nothing(instance: RunningInstance, people: tuple[Person, Person]) -> None:
    _, reader = people
    marker = uuid4().hex
    smuggled = (
        f"From: a@ailleurs.test\r\nSubject: un {marker}\r\n\r\nbonjour\n.\n"
        f"MAIL FROM:<b@ailleurs.test>\r\nRCPT TO:<{reader.address}>\r\nDATA\r\n"
        f"Subject: deux {marker}\r\n\r\nbonjour\r\n.\r\n"
    )
    with socket.create_connection(("localhost", instance.port(Port.SMTP)), timeout=10) as raw:
        stream = raw.makefile("rwb")
        stream.readline()
        for line in (
            "HELO client.test",
            "MAIL FROM:<a@ailleurs.test>",
            f"RCPT TO:<{reader.address}>",
            "DATA",
        ):
            stream.write(line.encode() + b"\r\n")
            stream.flush()
            stream.readline()
        stream.write(smuggled.encode())
        stream.flush()
        stream.readline()
    subject = f"après {marker}"
    with outside(instance, reader) as smtp:
        smtp.send_message(mail("dehors@ailleurs.test", reader.address, subject))
    arrives(reader, subject)
    assert not reader.jmap.subjects(contains=f"deux {marker}")


def test_the_main_password_opens_no_mail_program(instance: RunningInstance) -> None:
    account = instance.demo()
    with imaps(instance) as imap, pytest.raises(imaplib.IMAP4.error):
        imap.login(account["address"], account["password"])
    with imaps(instance) as imap:
        assert imap.login(account["address"], instance.app_password(account["address"]))[0] == "OK"


def test_jmap_refuses_strangers(instance: RunningInstance, people: tuple[Person, Person]) -> None:
    somebody, other = people
    assert somebody.jmap.http.get("/jmap/").status_code == 200
    with httpx.Client(base_url=instance.web_url(), verify=instance.tls) as stranger:
        assert stranger.get("/jmap/").status_code == 401
        forged = {"X-Casier-User": somebody.key, "Authorization": "Bearer abc"}
        assert stranger.get("/jmap/", headers=forged).status_code == 401
    with pytest.raises(JmapFailure):
        Jmap(instance, somebody.address, other.key, somebody.password).call(("Mailbox/get", {"ids": None}))


def test_a_suspended_account_is_out_everywhere_and_still_receives(
    instance: RunningInstance, people: tuple[Person, Person]
) -> None:
    sender, _ = people
    account = instance.accounts[-1]
    reader = person(instance, account)
    imap = imaps(instance)
    instance.clients.callback(imap.shutdown)
    imap.login(reader.address, reader.password)
    instance.casier("account", "suspend", reader.address, "--reason", "essai")
    try:
        wait_until("the open connection to be cut", lambda: is_cut(imap), 15)
        assert reader.jmap.http.get("/jmap/").status_code in {401, 403}
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtps(instance, reader)
        subject = f"pendant {uuid4().hex}"
        sender.jmap.submit(sender.jmap.draft(reader.address, subject), reader.address)
    finally:
        instance.casier("account", "resume", reader.address, "--reason", "essai")
    wait_until("the account to open again", lambda: reader.jmap.http.get("/jmap/").status_code == 200)
    arrives(reader, subject)


def is_cut(imap: imaplib.IMAP4_SSL) -> bool:
    try:
        imap.noop()
    except (imaplib.IMAP4.abort, OSError):
        return True
    return False
