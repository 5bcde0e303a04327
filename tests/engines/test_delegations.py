"""A mailbox opened to a colleague, in a real store: what a delegate can, what nobody else can, its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.models import Account, DelegateRight, Delegation
from casier.engines.cyrus.imap import Answer
from casier.engines.cyrus.rights import rights_of
from casier.kernel.handed_over import HandedOver
from casier.kernel.instance import Instance
from casier.mailbox.converging import converge
from casier.mailbox.delegations.following import follow
from casier.mailbox.notifications.models import Notification
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached
from casier.mailbox.teamwork.actions import NoSuchMessage, Wanted, set_work, works_of
from casier.mailbox.teamwork.answers import find_message, take
from casier.mailbox.teamwork.team import MayOnlyRead, NotOpen
from engines.test_provision import WHY, _here, academy, engines, now, person, store

__all__ = ["_here", "academy", "engines"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
LETTER = (
    b"From: parent@dehors.example\r\nTo: x@ac-t.example\r\nSubject: Bulletin\r\n"
    b"Message-ID: <bulletin-1@dehors.example>\r\n\r\nBonjour\r\n"
)


@pytest.fixture
def owner(academy: Any) -> Account:
    return person(academy, "Claire", "Lefevre")


@pytest.fixture
def delegate(owner: Account) -> Account:
    account = person(owner.academy, "Ali", "Benali")
    converge()
    store().append(owner.mailbox_key, LETTER)
    with store().person(owner.mailbox_key) as own:
        own.run('CREATE "Direction"').expect()
        own.run('CREATE "Direction/Conseil"').expect()
    for row in (owner, account):
        row.refresh_from_db()
    return account


def give(owner: Account, delegate: Account, right: DelegateRight, **more: Any) -> Delegation:
    values = {"starts_at": now(), "ends_at": now() + timedelta(days=7), **more}
    row = actions.delegate_mailbox(owner, delegate, actions.Opening(right, **values), now=now(), **WHY)
    converge()
    return row


def jmap(engines: Instance, who: Account, *calls: Any) -> Any:
    road = Jmap(engines.socket("cyrus", "nginx", "http.sock"), engines.key("jwt"))
    with road.acting_for(who.mailbox_key) as session:
        return session.call(*calls).by_tag


def folders(engines: Instance, who: Account, whose: Account) -> dict[str, str]:
    """The folders of WHOSE that WHO sees, by name."""
    answer = jmap(engines, who, ("Mailbox/get", {"accountId": whose.mailbox_key}, "m")).get("m", {"list": []})
    return {one["name"]: one["id"] for one in answer["list"]}


def readable(engines: Instance, who: Account, whose: Account) -> set[str]:
    """Those of them that WHO reads; the folder above one of them is only named."""
    answer = jmap(engines, who, ("Mailbox/get", {"accountId": whose.mailbox_key}, "m")).get("m", {"list": []})
    return {one["name"] for one in answer["list"] if one["myRights"]["mayReadItems"]}


def emails(engines: Instance, who: Account, whose: Account) -> list[str]:
    answer = jmap(engines, who, ("Email/query", {"accountId": whose.mailbox_key}, "q"))
    return list(answer.get("q", {}).get("ids", []))


def imap(who: Account, *commands: str) -> list[Answer]:
    with store().person(who.mailbox_key) as connection:
        return [connection.run(command) for command in commands]


def of(owner: Account, folder: str = "") -> str:
    """A folder of OWNER as others call it."""
    below = f"/{folder}" if folder else ""
    return f'"Other Users/{owner.mailbox_key.partition("@")[0]}{below}"'


def test_nobody_reads_what_was_not_opened(engines: Instance, owner: Account, delegate: Account) -> None:
    assert folders(engines, delegate, owner) == {}
    assert imap(delegate, f"SELECT {of(owner)}")[0].status == "NO"


def test_a_reader_reads_and_changes_nothing(engines: Instance, owner: Account, delegate: Account) -> None:
    give(owner, delegate, DelegateRight.READ)
    assert imap(delegate, f"SELECT {of(owner)}")[0].status == "OK"
    assert {"Inbox", "Direction", "Conseil"} <= set(folders(engines, delegate, owner))
    (email,) = emails(engines, delegate, owner)
    update = {"accountId": owner.mailbox_key, "update": {email: {"keywords/$flagged": True}}}
    assert jmap(engines, delegate, ("Email/set", update, "s"))["s"]["notUpdated"]
    destroy = {"accountId": owner.mailbox_key, "destroy": [email]}
    assert jmap(engines, delegate, ("Email/set", destroy, "s"))["s"]["notDestroyed"]
    with pytest.raises(MayOnlyRead):
        set_work(delegate, owner.mailbox_key, Wanted((email,), handled=True), by=Actor.system("t"), now=now())


def test_only_the_folders_that_were_chosen(engines: Instance, owner: Account, delegate: Account) -> None:
    chosen = folders(engines, owner, owner)["Conseil"]
    give(owner, delegate, DelegateRight.ORGANISE, folders=(chosen,))
    assert readable(engines, delegate, owner) == {"Conseil"}
    assert emails(engines, delegate, owner) == []
    (secret,) = emails(engines, owner, owner)
    get = {"accountId": owner.mailbox_key, "ids": [secret], "properties": ["subject", "blobId"]}
    assert jmap(engines, delegate, ("Email/get", get, "g"))["g"]["notFound"] == [secret]
    for folder in ("", "Sent", "Drafts", "Direction"):
        assert imap(delegate, f"SELECT {of(owner, folder)}")[0].status == "NO", folder
    # A folder keeps its rights under another name, with what is made in it; one made beside it has none.
    imap(owner, 'RENAME "Direction/Conseil" "Instances"', 'CREATE "Instances/Notes"', 'CREATE "Prive"')
    assert readable(engines, delegate, owner) == {"Instances", "Notes"}
    follow(Delegation.objects.get().id.hex, now())
    assert readable(engines, delegate, owner) == {"Instances", "Notes"}


def test_whole_it_is_whole_for_folders_made_later_too(
    engines: Instance, owner: Account, delegate: Account
) -> None:
    give(owner, delegate, DelegateRight.ORGANISE)
    imap(owner, 'CREATE "Plus tard"')
    assert "Plus tard" in folders(engines, delegate, owner)


def test_its_end_closes_it_by_itself(engines: Instance, owner: Account, delegate: Account) -> None:
    row = give(owner, delegate, DelegateRight.ORGANISE)
    assert emails(engines, delegate, owner)
    Delegation.objects.filter(pk=row.pk).update(
        ends_at=now() - timedelta(seconds=1), starts_at=now() - timedelta(days=1)
    )
    follow(row.id.hex, now())
    assert folders(engines, delegate, owner) == {}
    assert imap(delegate, f"SELECT {of(owner)}")[0].status == "NO"
    row.refresh_from_db()
    assert (row.ended_at, row.told) == (row.ends_at, "ended")
    told = set(Notification.objects.values_list("account", "title"))
    assert (delegate.pk, "La boîte de Claire Lefevre ne vous est plus ouverte") in told
    assert (owner.pk, "Votre boîte est ouverte à Ali Benali") in told
    assert len(told) == 4
    follow(row.id.hex, now())
    assert Notification.objects.count() == 4
    assert JournalEntry.objects.filter(action="delegation.expired").count() == 1


def test_people_open_their_mailbox_by_no_other_way(
    engines: Instance, owner: Account, delegate: Account
) -> None:
    """By IMAP and JMAP one would give it for good, to anyone, unseen."""
    key, own = delegate.mailbox_key, owner.mailbox_key
    ways = [
        f'SETACL INBOX "{key}" lrswipten',
        f'SETACL "Direction" "{key}" lr',
        f'SETACL {of(owner)} "{own}" lrswipkxtea',
        f"SETACL {of(owner)} anyone lr",
    ]
    assert [answer.status for answer in imap(owner, *ways)] == ["NO"] * len(ways)
    direction = folders(engines, owner, owner)["Direction"]
    share = {"accountId": own, "update": {direction: {f"shareWith/{key}": {"mayRead": True}}}}
    answer = jmap(engines, owner, ("Mailbox/set", share, "s"))
    assert not answer.get("s", {}).get("updated")
    assert folders(engines, delegate, owner) == {}
    # What is theirs stays so: folders are made, renamed, deleted.
    create = {"accountId": own, "create": {"a": {"name": "Neuf"}}}
    made = jmap(engines, owner, ("Mailbox/set", create, "c"))["c"]["created"]["a"]["id"]
    rename = {"accountId": own, "update": {made: {"name": "Vieux"}}}
    assert made in jmap(engines, owner, ("Mailbox/set", rename, "r"))["r"]["updated"]
    destroy = {"accountId": own, "destroy": [made]}
    assert jmap(engines, owner, ("Mailbox/set", destroy, "d"))["d"]["destroyed"] == [made]
    assert [answer.status for answer in imap(owner, 'CREATE "Autre"', f'SETACL "Autre" "{key}" lr')] == [
        "OK",
        "NO",
    ]


def test_who_sees_to_it_is_on_the_message_and_known_by_name(
    engines: Instance, owner: Account, delegate: Account
) -> None:
    stranger = person(owner.academy, "Zoe", "Dehors")
    give(owner, delegate, DelegateRight.ORGANISE)
    (email,) = emails(engines, owner, owner)
    by = Actor.system("t")
    with pytest.raises(NotOpen):
        set_work(stranger, owner.mailbox_key, Wanted((email,), handled=True), by=by, now=now())
    with pytest.raises(NoSuchMessage):
        set_work(delegate, owner.mailbox_key, Wanted(("Mffff",), handled=True), by=by, now=now())
    set_work(delegate, owner.mailbox_key, Wanted((email,), assign_to=owner.public_id), by=by, now=now())
    set_work(owner, owner.mailbox_key, Wanted((email,), handled=True), by=by, now=now())
    (work,) = works_of(owner.mailbox_key, None)
    assert (work.assigned_to, work.assigned_by, work.handled_by) == (owner, delegate, owner)
    seen = imap(owner, "SELECT INBOX", "FETCH 1 (FLAGS)")[1].lines[0]
    assert b"casier-assigned" in seen
    assert b"casier-handled" in seen
    set_work(delegate, owner.mailbox_key, Wanted((email,), handled=False), by=by, now=now())
    assert b"casier-handled" not in imap(owner, "SELECT INBOX", "FETCH 1 (FLAGS)")[1].lines[0]


def test_an_answer_is_known_by_what_it_answers(engines: Instance, owner: Account, delegate: Account) -> None:
    give(owner, delegate, DelegateRight.BEHALF)
    (email,) = emails(engines, owner, owner)
    address = owner.addresses.get(is_primary=True).address
    told = HandedOver(
        delegate.mailbox_key, address, "ali@x", "reponse-1@ac-t.example", "bulletin-1@dehors.example"
    )
    for _ in range(2):
        take(told, find_message, now())
    take(
        HandedOver(delegate.mailbox_key, address, "", "autre@ac-t.example", "inconnu@dehors.example"),
        find_message,
        now(),
    )
    (work,) = works_of(owner.mailbox_key, None)
    assert work.email_id == email
    assert [(row.by, row.address) for row in work.answers.all()] == [(delegate, address)]
    assert JournalEntry.objects.filter(action="delegation.sent").exists()
    assert Delegation.objects.get().last_used_at is not None


def test_rules_agendas_and_address_books_stay_the_owners(
    engines: Instance, owner: Account, delegate: Account
) -> None:
    """Folders that come into being later take over rights from above: these must not."""
    give(owner, delegate, DelegateRight.BEHALF)
    road = Jmap(engines.socket("cyrus", "nginx", "http.sock"), engines.key("jwt"))
    using = ("urn:ietf:params:jmap:core", "https://cyrusimap.org/ns/jmap/sieve")

    def set_script(who: Account) -> Any:
        with road.acting_for(who.mailbox_key) as session:
            blob = session.upload(owner.mailbox_key, b"keep;\r\n", "application/sieve")
            create = {"accountId": owner.mailbox_key, "create": {"a": {"name": "regles", "blobId": blob}}}
            return session.call(("SieveScript/set", create, "s"), using=using).by_tag

    assert set_script(owner)["s"]["created"]
    with road.acting_for(delegate.mailbox_key) as session:
        get = ("SieveScript/get", {"accountId": owner.mailbox_key, "ids": None}, "g")
        assert not session.call(get, using=using).by_tag.get("g", {}).get("list")
    try:
        answer = set_script(delegate)
    except (NoAnswer, NotReached):
        answer = {}
    assert not answer.get("s", {}).get("created")
    local, _, domain = owner.mailbox_key.partition("@")
    hidden = sorted(folder for folder in store().folders(owner.mailbox_key) if folder.startswith("#"))
    assert {"#sieve", "#calendars", "#addressbooks"} <= set(hidden)
    # Rules can't be asked for in another's mailbox at all; what is kept of them is closed at the next turn.
    follow(Delegation.objects.get().id.hex, now())
    for folder in hidden:
        answer = store().admin_run(f'GETACL "user/{local}/{folder}@{domain}"')[0]
        assert delegate.mailbox_key not in rights_of(answer), folder
        assert {"l", "r", "w"} <= set(rights_of(answer)[owner.mailbox_key]), folder
