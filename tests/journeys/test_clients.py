"""Programs that people and their tools use: each by an application password, with the certificate checked."""

from __future__ import annotations

import imaplib
import json
import shutil
import smtplib
import ssl
import subprocess
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import caldav
import httpx
import pytest

from casier.kernel.instance import Port
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey


class Person:
    """A demo account and an application password of its own."""

    def __init__(self, instance: RunningInstance, **wanted: str) -> None:
        row = instance.demo(**wanted)
        self.address, self.key, self.name = row["address"], row["mailboxKey"], row["name"]
        self.academy, self.main_password = row["academy"], row["password"]
        self.password = instance.app_password(self.address, "essais de clients")


@pytest.fixture(scope="module")
def elodie(instance: RunningInstance) -> Person:
    """The one whose mailbox key is not her address."""
    person = Person(instance, name="Élodie Vasseur")
    assert person.key != person.address
    return person


@pytest.fixture(scope="module")
def karim(instance: RunningInstance) -> Person:
    return Person(instance, name="Karim Haddad")


def imap(instance: RunningInstance, person: Person, password: str = "") -> imaplib.IMAP4_SSL:
    connection = imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls)
    try:
        connection.login(person.address, password or person.password)
    except imaplib.IMAP4.error:
        connection.shutdown()
        raise
    return connection


def letter(sender: Person, to: Person) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender.address, to.address
    message["Subject"], message["Message-ID"] = f"Réunion {uuid4().hex[:8]}", f"<{uuid4().hex}@essai.example>"
    message.set_content("Bonjour,\n\nla réunion est déplacée à 14 h.\n")
    return message


def arrived(instance: RunningInstance, person: Person, message: EmailMessage) -> bytes:
    """The message as it lies in PERSON's inbox."""

    def look() -> bytes:
        with imap(instance, person) as connection:
            connection.select("INBOX", readonly=True)
            found = connection.search(None, "HEADER", "MESSAGE-ID", message["Message-ID"])[1][0].split()
            if not found:
                return b""
            (_, content), *_ = connection.fetch(found[-1], "(BODY.PEEK[])")[1]
            return bytes(content)

    return bytes(wait_until("the message", look))


# IMAP and SMTP -----------------------------------------------------------------------------------
def test_imaplib_reads_the_special_folders(instance: RunningInstance, elodie: Person) -> None:
    with imap(instance, elodie) as connection:
        listed = b" ".join(connection.list()[1])
        assert all(use in listed for use in (b"\\Sent", b"\\Drafts", b"\\Trash", b"\\Junk", b"\\Archive"))
        status, [count] = connection.select("INBOX", readonly=True)
        assert status == "OK"
        assert int(count or 0) > 20


@pytest.mark.parametrize("port", [Port.SMTPS, Port.SUBMISSION])
def test_smtplib_sends_on_both_ports(
    instance: RunningInstance, elodie: Person, karim: Person, port: Port
) -> None:
    message = letter(elodie, karim)
    if port is Port.SMTPS:
        connection = smtplib.SMTP_SSL("localhost", instance.port(port), context=instance.tls)
    else:
        connection = smtplib.SMTP("localhost", instance.port(port))
        connection.starttls(context=instance.tls)
    with connection:
        connection.login(elodie.address, elodie.password)
        connection.send_message(message)
    assert b"14 h" in arrived(instance, karim, message)


def test_the_main_password_opens_no_mail_program(instance: RunningInstance, elodie: Person) -> None:
    with pytest.raises(imaplib.IMAP4.error):
        imap(instance, elodie, elodie.main_password)
    with imap(instance, elodie) as connection:
        assert connection.noop()[0] == "OK"


def test_a_certificate_of_someone_else_is_not_accepted(instance: RunningInstance, elodie: Person) -> None:
    public = ssl.create_default_context()
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=public)
    with pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL("localhost", instance.port(Port.SMTPS), context=public)
    assert imap(instance, elodie).logout()[0] == "BYE"


def test_mbsync_copies_both_ways(instance: RunningInstance, elodie: Person, tmp_path: Path) -> None:
    (tmp_path / "courrier").mkdir()
    (tmp_path / "secret").write_text(elodie.password)
    (tmp_path / "mbsyncrc").write_text(
        f"""
IMAPStore loin
Host localhost
Port {instance.port(Port.IMAPS)}
User {elodie.address}
PassCmd "cat {tmp_path}/secret"
SSLType IMAPS
CertificateFile {instance.ca}

MaildirStore ici
Path {tmp_path}/courrier/
Inbox {tmp_path}/courrier/INBOX
SubFolders Verbatim

Channel tout
Far :loin:
Near :ici:
Patterns INBOX Brouillons-mbsync
Create Both
Expunge None
SyncState *
"""
    )
    command = ["mbsync", "--config", str(tmp_path / "mbsyncrc"), "tout"]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    there = sorted((tmp_path / "courrier" / "INBOX" / "cur").iterdir())
    assert len(there) > 20
    mark = uuid4().hex
    own = f"Subject: depuis mbsync\r\nMessage-ID: <{mark}@essai.example>\r\n\r\nBonjour.\r\n"
    (tmp_path / "courrier" / "INBOX" / "new" / "1.essai").write_text(own)
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    with imap(instance, elodie) as connection:
        connection.select("INBOX", readonly=True)
        assert connection.search(None, "HEADER", "MESSAGE-ID", mark)[1][0].split()


# curl --------------------------------------------------------------------------------------------
def curl(instance: RunningInstance, person: Person, *arguments: str, check: bool = True) -> str:
    """curl, with the password on its standard input and not in its arguments."""
    binary = shutil.which("curl")
    assert binary, "curl is missing"
    done = subprocess.run(
        [
            binary,
            "--silent",
            "--show-error",
            "--location",
            "--fail-with-body",
            "--cacert",
            str(instance.ca),
            "-K",
            "-",
            *arguments,
        ],
        input=f'user = "{person.address}:{person.password}"\n',
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, (done.returncode, done.stdout[:500], done.stderr)
    return done.stdout


def test_curl_speaks_jmap(instance: RunningInstance, elodie: Person) -> None:
    session = json.loads(curl(instance, elodie, f"{instance.web_url()}/.well-known/jmap"))
    account = session["primaryAccounts"]["urn:ietf:params:jmap:mail"]
    assert account == elodie.key
    call = {
        "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"],
        "methodCalls": [["Mailbox/get", {"accountId": account, "properties": ["role", "totalEmails"]}, "0"]],
    }
    said = curl(
        instance,
        elodie,
        "-H",
        "Content-Type: application/json",
        "-d",
        json.dumps(call),
        f"{instance.web_url()}/jmap/",
    )
    boxes = json.loads(said)["methodResponses"][0][1]["list"]
    assert {"inbox", "sent", "drafts", "trash", "junk"} <= {box["role"] for box in boxes}


EVENT = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Essai//FR\r
BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:20260901T080000Z\r
DTSTART:20261204T130000Z\r
DTEND:20261204T140000Z\r
SUMMARY:Conseil de classe\r
END:VEVENT\r
END:VCALENDAR\r
"""
CARD = """BEGIN:VCARD\r
VERSION:3.0\r
UID:{uid}\r
FN:Zoé Schmitt\r
N:Schmitt;Zoé;;;\r
EMAIL:zoe@ecole.example\r
END:VCARD\r
"""


@pytest.mark.parametrize(
    ("kind", "home", "name", "content", "type_"),
    [
        ("caldav", "calendars/user/{key}/Default/", "{uid}.ics", EVENT, "text/calendar"),
        ("carddav", "addressbooks/user/{key}/Default/", "{uid}.vcf", CARD, "text/vcard"),
    ],
)
def test_curl_speaks_caldav_and_carddav(
    instance: RunningInstance, elodie: Person, kind: str, home: str, name: str, content: str, type_: str
) -> None:
    base = f"{instance.web_url()}/.well-known/{kind}"
    found = curl(instance, elodie, "-X", "PROPFIND", "-H", "Depth: 0", base)
    assert "multistatus" in found
    uid = uuid4().hex
    url = f"{instance.web_url()}/dav/{home.format(key=elodie.key)}{name.format(uid=uid)}"
    curl(
        instance,
        elodie,
        "-X",
        "PUT",
        "-H",
        f"Content-Type: {type_}",
        "--data-binary",
        content.format(uid=uid),
        url,
    )
    assert uid in curl(instance, elodie, url)
    curl(instance, elodie, "-X", "DELETE", url)
    assert uid not in curl(instance, elodie, url, check=False)


def test_the_caldav_library_finds_its_way_from_the_address(instance: RunningInstance, elodie: Person) -> None:
    with caldav.DAVClient(
        f"{instance.web_url()}/dav/",
        username=elodie.address,
        password=elodie.password,
        ssl_verify_cert=str(instance.ca),
    ) as client:
        calendars = client.principal().calendars()
        assert calendars
        event = calendars[0].save_event(EVENT.format(uid=uuid4().hex))
        assert "Conseil de classe" in event.data
        event.delete()


# Set-up without typing ---------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml"])
def test_thunderbird_is_told_where_to_connect(instance: RunningInstance, elodie: Person, path: str) -> None:
    host = {"Host": f"{elodie.academy}.localhost:{instance.port(Port.WEB)}"}
    params = {"emailaddress": elodie.address}
    answer = httpx.get(f"{instance.web_url()}{path}", params=params, headers=host, verify=instance.tls)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("application/xml", "text/xml"))
    provider = ElementTree.fromstring(answer.text).find("emailProvider")
    assert provider is not None
    incoming, outgoing = provider.find("incomingServer"), provider.find("outgoingServer")
    assert incoming is not None
    assert outgoing is not None
    assert (incoming.get("type"), incoming.findtext("socketType")) == ("imap", "SSL")
    assert incoming.findtext("port") == str(instance.port(Port.IMAPS))
    assert outgoing.findtext("port") in {str(instance.port(Port.SMTPS)), str(instance.port(Port.SUBMISSION))}
    assert incoming.findtext("username") in {"%EMAILADDRESS%", elodie.address}
    assert incoming.findtext("authentication") == "password-cleartext"
