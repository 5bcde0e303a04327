"""What each road of mail takes, refuses and hands on: Postfix with the edge's maps and rules."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from dataclasses import replace

import pytest

from casier.engines.postfix.engine import Postfix, flush, queue
from casier.engines.postfix.spec import Outside as Outside_
from casier.kernel.instance import Port
from engines.roads_mail import plain, subject
from engines.roads_rig import (
    ALICE,
    BOB,
    BOB_KEY,
    CAROL,
    OUTSIDER,
    PENDING,
    Outside,
    Rig,
    Store,
)
from waiting import wait_until

pytestmark = pytest.mark.engines
FRIEND = "ami@ailleurs.example"


def test_mail_from_outside_reaches_the_mailboxes_in_one_transaction(rig: Rig, store: Store) -> None:
    title = subject()
    with rig.public() as smtp:
        smtp.sendmail(OUTSIDER, [ALICE, BOB, CAROL, "a.martin@ac-un.test"], plain("public", title))
    delivered = store.arrived(title)
    assert set(delivered.recipients) == {ALICE, BOB_KEY, CAROL}
    assert len(store.with_subject(title)) == 1


def test_an_unknown_recipient_is_refused_at_rcpt(rig: Rig) -> None:
    with rig.public() as smtp:
        smtp.ehlo()
        smtp.mail(OUTSIDER)
        assert smtp.rcpt("personne@ac-un.test")[0] == 550
        assert smtp.rcpt(BOB_KEY)[0] == 550, "a mailbox key is no address"
        assert smtp.rcpt(BOB)[0] == 250


def test_an_address_whose_mailbox_is_being_made_waits(rig: Rig) -> None:
    for port in (Port.SMTP, Port.POSTFIX_JMAP):
        with rig.trusted(port) as smtp:
            smtp.ehlo()
            smtp.mail(OUTSIDER)
            assert smtp.rcpt(PENDING)[0] == 451


def test_without_the_edge_no_recipient_is_refused_for_good(rig: Rig, store: Store) -> None:
    title = subject()
    with rig.stopped("edge"), rig.public() as smtp:
        smtp.ehlo()
        smtp.mail(OUTSIDER)
        for recipient in (BOB, "personne@ac-un.test", FRIEND):
            assert smtp.rcpt(recipient)[0] == 451
    with rig.public() as smtp:
        smtp.sendmail(OUTSIDER, [BOB], plain("public", title))
    store.arrived(title)


def test_what_the_store_does_not_know_yet_waits(rig: Rig, store: Store) -> None:
    title = subject()
    store.refusals[CAROL] = "550-Mailbox unknown\r\n550 5.1.1 User unknown"
    try:
        with rig.public() as smtp:
            smtp.sendmail(OUTSIDER, [ALICE, CAROL], plain("public", title))
        assert store.arrived(title).recipients == (ALICE,)
        waiting = wait_until(
            "the message to be put off",
            lambda: [one for one in queue(rig.instance) if one.queue == "deferred"],
        )
    finally:
        store.refusals.clear()
    assert [(one.address, "User unknown" in one.reason) for one in waiting[0].recipients] == [(CAROL, True)]
    assert waiting[0].sender == OUTSIDER
    flush(rig.instance)
    wait_until("the second copy", lambda: len(store.with_subject(title)) == 2)
    assert store.with_subject(title)[1].recipients == (CAROL,)


def test_people_write_to_the_outside_and_the_outside_gets_a_signature(rig: Rig, outside: Outside) -> None:
    title = subject()
    with rig.client(ALICE) as smtp:
        smtp.sendmail(ALICE, [FRIEND], plain("clients", title))
    delivered = outside.arrived(title)
    assert (delivered.sender, delivered.recipients) == (ALICE, (FRIEND,))
    assert "d=ac-un.test; s=casier" in str(delivered.message["DKIM-Signature"])
    for name in ("X-Casier-Login", "Authentication-Results"):
        assert name not in delivered.message


def test_tls_is_offered_and_old_versions_are_not(rig: Rig, store: Store) -> None:
    title = subject()
    context = ssl.create_default_context(cafile=str(rig.instance.tls / "cert.pem"))
    with smtplib.SMTP("localhost", rig.port(Port.SMTP), timeout=20) as smtp:
        smtp.starttls(context=context)
        smtp.sendmail(OUTSIDER, [BOB], plain("public", title))
    assert "TLSv1.3" in store.arrived(title).data.decode()
    command = ["openssl", "s_client", "-starttls", "smtp", "-cipher", "ALL:@SECLEVEL=0", "-brief"]
    command += ["-connect", f"127.0.0.1:{rig.port(Port.SMTP)}"]
    tried = {
        version: subprocess.run([*command, version], capture_output=True, input=b"", check=False).returncode
        for version in ("-tls1_2", "-tls1_1", "-tls1")
    }
    assert [version for version, code in tried.items() if code == 0] == ["-tls1_2"]


def test_refusals_to_cyrus_use_the_codes_that_it_keeps(rig: Rig) -> None:
    """Cyrus rewrites every other code than 554 and 451 and names an innocent."""
    with rig.trusted(Port.POSTFIX_JMAP) as smtp:
        smtp.ehlo()
        assert "enhancedstatuscodes" not in smtp.esmtp_features
        smtp.docmd(f"MAIL FROM:<{ALICE}> AUTH={ALICE}")
        for unknown in ("personne@ac-un.test", "personne"):
            assert smtp.rcpt(unknown)[0] == 554
        assert smtp.rcpt(PENDING)[0] == 451
        smtp.rset()
        smtp.docmd(f"MAIL FROM:<{CAROL}> AUTH={ALICE}")
        smtp.rcpt(BOB)
        assert smtp.docmd("DATA")[0] == 554
        smtp.rset()
        smtp.mail(ALICE)
        smtp.rcpt(BOB)
        assert smtp.docmd("DATA")[0] == 554, "nobody said whose message it is"


def test_a_redirect_leaves_under_our_name_and_its_bounce_finds_back(
    rig: Rig, store: Store, outside: Outside
) -> None:
    title, bounce = subject(), subject()
    rig.hand_in("redirect", plain("redirect", title), FRIEND)
    delivered = outside.arrived(title)
    assert delivered.recipients == (FRIEND,)
    assert delivered.sender.startswith("SRS0=")
    assert delivered.sender.endswith("=dehors.example=parent@ac-deux.test")
    assert delivered.message["From"] == OUTSIDER, "what the reader sees stays"
    for name in ("ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"):
        assert "i=1" in str(delivered.message[name])
    with rig.public() as smtp:
        smtp.sendmail("", [delivered.sender], plain("public", bounce))
    assert outside.arrived(bounce).recipients == (OUTSIDER,)
    assert outside.arrived(bounce).sender == ""


def test_a_rewritten_sender_cannot_be_made_up(rig: Rig, outside: Outside) -> None:
    rig.hand_in("redirect", plain("redirect", title := subject()), FRIEND)
    genuine = outside.arrived(title).sender
    with rig.public() as smtp:
        smtp.ehlo()
        smtp.mail("")
        assert smtp.rcpt(genuine)[0] == 250
        for forged in (
            genuine.replace("parent", "victime"),
            genuine.replace("dehors.example", "ailleurs.example"),
            "SRS0=aaaaaaaaaaaa=jk=dehors.example=parent@ac-deux.test",
        ):
            assert smtp.rcpt(forged)[0] == 550


def test_a_redirect_of_our_own_mail_keeps_its_sender(rig: Rig, outside: Outside) -> None:
    title = subject()
    with rig.trusted(Port.POSTFIX_REDIRECT) as smtp:
        smtp.sendmail(CAROL, [FRIEND], plain("redirect", title), mail_options=[f"AUTH={ALICE}"])
    assert outside.arrived(title).sender == CAROL


def test_headers_of_the_platform_are_taken_off_everything_that_comes_in(rig: Rig, store: Store) -> None:
    for road in ("public", "clients", "jmap", "redirect"):
        title = subject()
        brought = ("X-Casier-Login: a; b", "x-casier-login : c; d", "X-Casier-Token: e", "X-Spam: Yes")
        rig.hand_in(road, plain(road, title, b"Bonjour\r\n", *brought))
        assert b"x-casier" not in store.arrived(title).data.lower()


def test_a_verdict_that_others_wrote_is_taken_off(rig: Rig, store: Store) -> None:
    title = subject()
    forged = "Authentication-Results: mail.ac-un.test; dkim=pass header.d=ac-un.test"
    rig.hand_in("public", plain("public", title, b"Bonjour\r\n", forged, "X-Spam: Yes"))
    message = store.arrived(title).message
    assert len(message.get_all("Authentication-Results", [])) == 1
    assert "dkim=pass" not in str(message["Authentication-Results"])
    assert "X-Spam" not in message


def test_a_message_over_the_limit_is_refused_before_it_is_sent(rig: Rig) -> None:
    for port in (Port.SMTP, Port.POSTFIX_JMAP):
        with rig.trusted(port) as smtp:
            smtp.ehlo()
            assert int(smtp.esmtp_features["size"]) == 28_000_000
            assert smtp.mail(OUTSIDER, ["SIZE=28000001"])[0] == 552
            assert smtp.mail(OUTSIDER, ["SIZE=27999999"])[0] == 250


def test_a_refused_message_comes_back_in_french(rig: Rig, store: Store, outside: Outside) -> None:
    title = subject()
    outside.refusals[FRIEND] = "550 5.2.1 parti"
    try:
        with rig.client(ALICE) as smtp:
            smtp.sendmail(ALICE, [FRIEND], plain("clients", title))
        notice = wait_until("the notice", lambda: store.with_subject("Message non remis / Undelivered mail"))[
            -1
        ]
    finally:
        outside.refusals.clear()
    assert (notice.sender, notice.recipients) == ("", (ALICE,))
    text = notice.message.get_body(("plain",))
    assert text is not None
    assert "n’a pas pu être remis" in text.get_content()
    assert "parti" in text.get_content()


def test_a_demonstration_keeps_what_is_for_the_outside(rig: Rig, outside: Outside) -> None:
    """It is taken, so that the person sees it sent; it stays in the queue, and one word lets it go."""
    engine = Postfix()
    folder = rig.instance.etc / "postfix"
    spec = engine.spec(rig.instance, rig.facts)
    title = subject()
    engine.render(replace(spec, outside=Outside_.HOLD, relayhost=""), folder)
    engine.reload(rig.instance)
    try:
        rig.hand_in("jmap", plain("jmap", title), FRIEND)
        held = wait_until(
            "it to be held", lambda: [one for one in queue(rig.instance) if one.recipients[0].reason]
        )
        assert "outside-is-held" in held[0].recipients[0].reason
        assert not outside.with_subject(title)
    finally:
        engine.render(spec, folder)
        engine.reload(rig.instance)
    flush(rig.instance)
    outside.arrived(title)


def test_nobody_waits_in_the_queue(rig: Rig) -> None:
    """Every message above has arrived or was refused."""
    flush(rig.instance)
    wait_until("the queue to be empty", lambda: not queue(rig.instance))
