"""A sender can use only addresses that are theirs, in all that a reader sees."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
from collections.abc import Sequence

import pytest

from casier.kernel.instance import Port
from engines.roads_mail import plain, subject
from engines.roads_rig import ALICE, BOB, BOB_KEY, CAROL, OUTSIDER, Rig, Store

pytestmark = pytest.mark.engines
PEOPLES_ROADS = pytest.mark.parametrize("road", ["clients", "jmap"])
END = b"\r\n\r\nBonjour\r\n"
REST = b"To: bob@ac-un.test\r\nMessage-ID: <1@essai.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n"

ALLOWED = {
    "the address alone": "From: alice@ac-un.test",
    "angle brackets": "From: <alice@ac-un.test>",
    "a name": "From: Alice Martin <alice@ac-un.test>",
    "a quoted name": 'From: "Martin, Alice (SVT)" <alice@ac-un.test>',
    "a name with a dot": "From: Mme A. Martin <alice@ac-un.test>",
    "an encoded name": "From: =?utf-8?Q?Alice_Martin=2C_coll=C3=A8ge?= <alice@ac-un.test>",
    "a name in UTF-8": "From: Alice Élise Martin <alice@ac-un.test>",
    "capital letters": "From: Alice <ALICE@AC-UN.TEST>",
    "a comment": "From: alice@ac-un.test (Alice Martin)",
    "folded": "From: Alice Martin\r\n <alice@ac-un.test>",
    "the other address": "From: <a.martin@ac-un.test>",
    "two of hers": "From: alice@ac-un.test, Alice <a.martin@ac-un.test>\r\nSender: alice@ac-un.test",
    "her own Sender": "From: alice@ac-un.test\r\nSender: Alice <alice@ac-un.test>",
    "her own Resent-From": "From: alice@ac-un.test\r\nResent-From: alice@ac-un.test",
    "her address as name": 'From: "alice@ac-un.test" <alice@ac-un.test>',
    "an at sign in a name": "From: Alice @ lycee <alice@ac-un.test>",
    "a colleague in Reply-To": f"From: alice@ac-un.test\r\nReply-To: {CAROL}",
    "a group of hers": "From: Alice: alice@ac-un.test;",
}

FORGED = {
    "a colleague": f"From: {CAROL}",
    "a colleague in brackets": f"From: <{CAROL}>",
    "a colleague with her name": f"From: Alice Martin <{CAROL}>",
    "someone outside": f"From: Parent <{OUTSIDER}>",
    "a colleague first": f"From: {CAROL}, alice@ac-un.test",
    "a colleague second": f"From: alice@ac-un.test, {CAROL}",
    "a group": f"From: Equipe: alice@ac-un.test, {CAROL};",
    "two From": f"From: alice@ac-un.test\r\nFrom: {CAROL}",
    "two From, the forged one first": f"From: {CAROL}\r\nFrom: alice@ac-un.test",
    "two From, both hers": "From: alice@ac-un.test\r\nFrom: a.martin@ac-un.test",
    "another case of From": f"From: alice@ac-un.test\r\nFROM: {CAROL}",
    "a space before the colon": f"From: alice@ac-un.test\r\nFrom : {CAROL}",
    "only with a space before the colon": f"From : {CAROL}",
    "Sender": f"From: alice@ac-un.test\r\nSender: {CAROL}",
    "a second Sender": f"From: alice@ac-un.test\r\nSender: alice@ac-un.test\r\nSender: {CAROL}",
    "Resent-From": f"From: alice@ac-un.test\r\nResent-From: {CAROL}",
    "Resent-Sender": f"From: alice@ac-un.test\r\nResent-Sender: {CAROL}",
    "the second Resent-From": f"From: alice@ac-un.test\r\nResent-From: {ALICE}\r\nResent-From: {CAROL}",
    "no From": "Subject: x",
    "an empty From": "From: ",
    "a name only": "From: Alice Martin",
    "empty brackets": "From: Alice <>",
    "an empty group": "From: undisclosed:;",
    "two brackets": f"From: <alice@ac-un.test> <{CAROL}>",
    "two brackets, the forged one first": f"From: <{CAROL}> <alice@ac-un.test>",
    "text after the brackets": f"From: <alice@ac-un.test> {CAROL}",
    "a route": f"From: <@ac-un.test:{CAROL}>",
    "a route that hides": f"From: <{CAROL}:alice@ac-un.test>",
    "brackets left open": f"From: <alice@ac-un.test, <{CAROL}>",
    "a quote left open": f'From: "alice@ac-un.test <{CAROL}>',
    "a comment left open": f"From: alice@ac-un.test ({CAROL}",
    "a colleague's address as name": f'From: "{CAROL}" <alice@ac-un.test>',
    "a colleague's address as bare name": f"From: {CAROL} <alice@ac-un.test>",
    "a colleague's address as encoded name": "From: =?utf-8?Q?carol=40ac-deux=2Etest?= <alice@ac-un.test>",
    "the same in base64": "From: =?utf-8?B?Y2Fyb2xAYWMtZGV1eC50ZXN0?= <alice@ac-un.test>",
    "a colleague's address in a comment": f"From: alice@ac-un.test ({CAROL})",
    "with a wide at sign": "From: carol\uff20ac-deux.test <alice@ac-un.test>",
    "a quoted local part": 'From: "alice@ac-un.test"@ac-deux.test',
    "an escaped quote": f'From: "Alice \\" <{CAROL}> \\"" <{CAROL}>',
    "an encoded address": "From: =?utf-8?Q?carol?=@ac-deux.test",
    "folded inside": f"From: alice@ac-un.test,\r\n\t{CAROL}",
    "a tab in the address": "From: carol @ac-deux.test",
    "a domain that only begins so": "From: alice@ac-un.test.dehors.example",
    "another local part": "From: alicea@ac-un.test",
    "a sub-address": "From: alice+x@ac-un.test",
    "a control character": "From: alice@ac-un.test\x01",
    "a semicolon": f"From: alice@ac-un.test; {CAROL}",
    "a colon": f"From: alice: {CAROL}",
    "a literal": "From: alice@[192.0.2.1]",
    "a homograph": "From: аlice@ac-un.test",
}


def send(rig: Rig, road: str, headers: str, title: str, recipients: Sequence[str] = (BOB,)) -> None:
    message = headers.encode() + f"\r\nSubject: {title}\r\n".encode() + REST.rstrip(b"\r\n") + END
    if road == "clients":
        with rig.client(ALICE) as smtp:
            smtp.sendmail(ALICE, list(recipients), message)
    else:
        with rig.trusted(Port.POSTFIX_JMAP) as smtp:
            smtp.sendmail(ALICE, list(recipients), message, mail_options=[f"AUTH={ALICE}"])


@PEOPLES_ROADS
@pytest.mark.parametrize("name", ALLOWED)
def test_her_own_addresses_pass(rig: Rig, store: Store, road: str, name: str) -> None:
    title = subject()
    send(rig, road, ALLOWED[name], title)
    delivered = store.arrived(title)
    assert delivered.sender == ALICE
    assert delivered.recipients == (BOB_KEY,)
    assert b"X-Casier" not in delivered.data


@PEOPLES_ROADS
@pytest.mark.parametrize("name", FORGED)
def test_anything_else_is_refused(rig: Rig, store: Store, road: str, name: str) -> None:
    title = subject()
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(rig, road, FORGED[name], title)
    assert refusal.value.smtp_code == 554
    assert b"Envoi refuse" in refusal.value.smtp_error
    assert b"[R-" in refusal.value.smtp_error
    assert not store.with_subject(title)


def test_from_outside_anyone_may_write_in_their_own_name(rig: Rig, store: Store) -> None:
    title = subject()
    with rig.public() as smtp:
        smtp.sendmail(OUTSIDER, [BOB], plain("public", title))
    assert store.arrived(title).message["From"] == OUTSIDER


@PEOPLES_ROADS
def test_a_header_of_the_platform_brought_along_is_worth_nothing(rig: Rig, store: Store, road: str) -> None:
    mac = hmac.digest(rig.instance.key("header"), CAROL.encode(), hashlib.sha256).hex()
    title = subject()
    forged = f"X-Casier-Login: {CAROL}; {mac}\r\nX-Casier-Else: 1\r\nFrom: {CAROL}"
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(rig, road, forged, title)
    assert refusal.value.smtp_code == 554
    send(rig, road, forged.replace(f"From: {CAROL}", f"From: {ALICE}"), title)
    assert b"X-Casier" not in store.arrived(title).data


@PEOPLES_ROADS
def test_a_message_over_the_academys_limit_is_refused(rig: Rig, store: Store, road: str) -> None:
    """Postfix's own limit is the largest of all academies."""
    rig.publish(attachment_bytes=1_000_000)
    try:
        for size, passes in ((1_300_000, True), (1_500_000, False)):
            title = subject()
            message = plain(road, title, b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (size // 72))
            if passes:
                rig.hand_in(road, message)
                store.arrived(title)
                continue
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                rig.hand_in(road, message)
            assert refusal.value.smtp_code == 554
            assert b"trop volumineux" in refusal.value.smtp_error
    finally:
        rig.publish()


def test_the_envelope_is_checked_too(rig: Rig, store: Store) -> None:
    title = subject()
    for sender in (CAROL, OUTSIDER):
        with rig.client(ALICE) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail(sender, [BOB], plain("clients", title))
        assert refusal.value.smtp_code == 554
    with rig.client(ALICE) as smtp:
        smtp.sendmail("a.martin@ac-un.test", [BOB], plain("clients", title))
    assert store.arrived(title).sender == "a.martin@ac-un.test"


@PEOPLES_ROADS
def test_without_the_edge_mail_waits(rig: Rig, store: Store, road: str) -> None:
    title = subject()
    with rig.stopped("edge"):
        for headers in (f"From: {ALICE}", f"From: {CAROL}"):
            with pytest.raises(smtplib.SMTPException) as delay:
                send(rig, road, headers, title)
            refused = delay.value
            codes = (
                {code for code, _ in refused.recipients.values()}
                if isinstance(refused, smtplib.SMTPRecipientsRefused)
                else {refused.smtp_code}
            )
            assert codes == {451}
    send(rig, road, f"From: {ALICE}", title)
    store.arrived(title)


@PEOPLES_ROADS
def test_an_answer_of_the_edge_that_is_none_is_not_a_yes(rig: Rig, store: Store, road: str) -> None:
    """Redis down: the edge answers, but doesn't know."""
    title = subject()
    with rig.stopped("redis"), pytest.raises(smtplib.SMTPException):
        send(rig, road, f"From: {ALICE}", title)
    rig.publish()
    rig.recover()
    send(rig, road, f"From: {ALICE}", title)
    store.arrived(title)


def test_what_sieve_writes_carries_its_owners_name_only(rig: Rig, store: Store) -> None:
    """An answer that is written by a rule is the owner's; what a rule passes on is the outsider's."""
    title = subject()

    def answer(author: str) -> bytes:
        return plain("clients", title, b"Je suis absente.\r\n").replace(
            f"From: {ALICE}".encode(), f"From: {author}".encode()
        )

    with rig.trusted(Port.POSTFIX_REDIRECT) as smtp:
        smtp.sendmail("", [BOB], answer(ALICE), mail_options=[f"AUTH={ALICE}"])
        store.arrived(title)
        smtp.sendmail(
            "", [BOB], answer("Postmaster <postmaster@mail.ac-un.test>"), mail_options=[f"AUTH={ALICE}"]
        )
        for forged in (CAROL, OUTSIDER):
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                smtp.sendmail("", [BOB], answer(forged), mail_options=[f"AUTH={ALICE}"])
            assert refusal.value.smtp_code == 554


def test_the_platform_writes_in_its_own_name_only(rig: Rig, store: Store) -> None:
    title = subject()
    signature = hmac.digest(rig.instance.key("header"), b"platform", hashlib.sha256).hex()

    def notice(author: str, login: str = "platform", mac: str = signature) -> bytes:
        signed = f"X-Casier-Login: {login}; {mac}\r\n".encode()
        return signed + plain("clients", title).replace(f"From: {ALICE}".encode(), f"From: {author}".encode())

    own = "Casier <ne-pas-repondre@ac-un.test>"
    with rig.trusted(Port.POSTFIX_PLATFORM) as smtp:
        smtp.sendmail("ne-pas-repondre@ac-un.test", [BOB], notice(own))
        assert b"X-Casier" not in store.arrived(title).data
        attempts = [
            ("ne-pas-repondre@ac-un.test", notice(ALICE)),
            (ALICE, notice(own)),
            ("ne-pas-repondre@ac-un.test", notice(own, mac="0" * 64)),
            ("ne-pas-repondre@ac-un.test", notice("ne-pas-repondre@dehors.example")),
            ("ne-pas-repondre@ac-un.test", plain("clients", title)),
        ]
        for sender, message in attempts:
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                smtp.sendmail(sender, [BOB], message)
            assert refusal.value.smtp_code == 554
