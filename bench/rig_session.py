"""What one person does in the webmail, as the rig's target asks for it (bench/rig_target.py).

Each operation is the requests that the web client makes for it (web/src/store/sync/requests.ts), through
nginx, with the session cookie. The driver's modules `httpc` and `targets` are on the path when this is
loaded.
"""

from __future__ import annotations

import html
import json
import re
import socket
import ssl
import time

from httpc import Client, first_page
from targets import Session

from casier.kernel.instance import Instance

DOMAIN, HOST, PASSWORD = "rig.test", "rig.localhost", "Banc-Mesure-Horloge-2048"
HEAD = [
    "id",
    "threadId",
    "mailboxIds",
    "keywords",
    "from",
    "to",
    "subject",
    "preview",
    "receivedAt",
]
MEMBER = ["id", "threadId", "mailboxIds", "keywords", "from", "receivedAt"]
MESSAGE = [
    *HEAD, "blobId", "size", "sentAt", "sender", "replyTo", "cc", "bcc", "messageId", "inReplyTo",
    "references", "htmlBody", "textBody", "attachments", "bodyValues",
]  # fmt: skip
PART = ["partId", "blobId", "size", "name", "type", "charset", "disposition", "cid"]
USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
SEARCH_ROWS = 30
NEWEST_FIRST = [{"property": "receivedAt", "isAscending": False}]


class TlsClient(Client):
    """The rig's client over TLS. Bytes are counted inside, as for the others."""

    def __init__(self, port: int, instance: Instance) -> None:
        name = f"{HOST}:{port}"
        super().__init__(
            "127.0.0.1", port, {"Host": name, "Origin": f"https://{name}", "Sec-Fetch-Site": "same-origin"}
        )
        self.trust = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))

    def request(self, *arguments, **named):
        if self.sock is None:
            plain = socket.create_connection((self.host, self.port), self.timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = self.trust.wrap_socket(plain, server_hostname=HOST)
            self.f = self.sock.makefile("rb", 65536)
        return super().request(*arguments, **named)


class CasierSession(Session):
    def __init__(self, target, user):
        self.t, self.user, self.key = target, user, f"{user}@{DOMAIN}"
        self.c = TlsClient(target.web_port, target.instance)

    # The way in ----------------------------------------------------------------------------------
    def login(self):
        self.login_page = self.c.get("/connexion/?suite=/courrier/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.login_page.text)
        form = {"identifiant": self.key, "mot_de_passe": PASSWORD, "suite": "/courrier/"}
        form |= {"csrfmiddlewaretoken": html.unescape(token[1])} if token else {}
        answer = self.c.post("/connexion/", form, {"Referer": f"https://{HOST}:{self.c.port}/connexion/"})
        assert "__Host-casier" in self.c.cookies, ("not signed in", answer.status, answer.text[:400])
        self.page = self.c.get("/courrier/")
        assert self.page.status == 200, (self.page.status, self.page.text[:300])
        assert "/courrier/assets/" in self.page.text, self.page.text[:300]
        self.c.get("/api/me")
        self.c.get("/jmap/")
        (boxes,) = self.jmap(["Mailbox/get", {"accountId": self.key, "ids": None}])
        self.boxes = {box["role"]: box for box in boxes["list"] if box["role"]}
        self.inbox, self.box_state = self.boxes["inbox"]["id"], boxes["state"]
        self.heads: dict[int, str] = {}

    def jmap(self, *calls, background=False):
        numbered = [[name, arguments, str(number)] for number, (name, arguments) in enumerate(calls)]
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        headers |= {"X-Casier-Background": "1"} if background else {}
        body = json.dumps({"using": USING, "methodCalls": numbered}).encode()
        answer = self.c.request("POST", "/jmap/", body, headers)
        assert answer.status == 200, (answer.status, answer.text[:300])
        found = answer.json()["methodResponses"]
        assert all(name != "error" for name, _, _ in found), found
        return [result for _, result, _ in found]

    # The list ------------------------------------------------------------------------------------
    def window(self, position, limit, where=None, **more):
        query = {
            "accountId": self.key, "filter": where or {"inMailbox": self.inbox}, "sort": NEWEST_FIRST,
            "collapseThreads": True, **position, "limit": limit, **more,
        }  # fmt: skip
        ids = {"resultOf": "0", "name": "Email/query", "path": "/ids"}
        return ["Email/query", query], ["Email/get", {"accountId": self.key, "#ids": ids, "properties": HEAD}]

    def folder_window(self, position, limit):
        """A folder's rows come with what their conversations hold; those of a search don't."""
        threads = {"resultOf": "1", "name": "Email/get", "path": "/list/*/threadId"}
        calls = self.window(position, limit)
        return [*calls, ["Thread/get", {"accountId": self.key, "#ids": threads}]]

    def list_page(self, n):
        size = self.t.page_rows
        before = self.heads.get((n - 1) * size - 1)
        position = {"anchor": before, "anchorOffset": 1} if before else {"position": (n - 1) * size}
        query, got, threads = self.jmap(*self.folder_window(position, size))
        for place, head in enumerate(query["ids"], (n - 1) * size):
            self.heads[place] = head
        by = {email["id"]: email for email in got["list"]}
        if self.t.whole:
            self.complete(threads["list"], set(by))
        rows = [self.row(by[head]) for head in query["ids"]]
        return {"rows": rows, "total": self.boxes["inbox"]["totalThreads"], "unit": "threads"}

    def complete(self, threads, known):
        """The other messages of the conversations, as the client asks for them."""
        missing = [email for thread in threads for email in thread["emailIds"] if email not in known]
        if missing:
            self.jmap(
                ["Email/get", {"accountId": self.key, "ids": missing, "properties": MEMBER}], background=True
            )

    def row(self, email):
        sender = email["from"][0]["name"] if email["from"] else ""
        seen = "$seen" in email["keywords"]
        uid = self.t.uids.get(email["id"], email["id"])
        return {"id": uid, "subject": email["subject"], "sender": sender, "seen": seen, "thread_root": True}

    def list_rows_fast(self):
        calls = [
            [name, arguments, str(n)]
            for n, (name, arguments) in enumerate(self.folder_window({"position": 0}, self.t.page_rows))
        ]
        body = json.dumps({"using": USING, "methodCalls": calls}).encode()
        answer = self.c.request(
            "POST", "/jmap/", body, {"Accept": "application/json", "Content-Type": "application/json"}
        )
        return answer.body.count(b'"preview"') if answer.status == 200 else -1

    # One conversation ----------------------------------------------------------------------------
    def open(self, number):
        """Opening is one request for the whole conversation, with the texts of all its messages."""
        emails = {"resultOf": "0", "name": "Thread/get", "path": "/list/*/emailIds"}
        thread = self.t.threads[self.key][number]
        _, got = self.jmap(
            ["Thread/get", {"accountId": self.key, "ids": [thread]}],
            ["Email/get", {
                "accountId": self.key, "#ids": emails, "properties": MESSAGE, "bodyProperties": PART,
                "fetchHTMLBodyValues": True, "maxBodyValueBytes": 512 * 1024,
            }],
        )  # fmt: skip
        texts = [
            email["subject"] + " " + " ".join(value["value"] for value in email["bodyValues"].values())
            for email in got["list"]
        ]
        return html.unescape(re.sub(r"\s+", " ", " ".join(texts)))

    def mark(self, number, read):
        update = {self.t.ids[number]: {"keywords/$seen": True if read else None}}
        created = {"resultOf": "1", "name": "Mailbox/changes", "path": "/created"}
        updated = {**created, "path": "/updated"}
        properties = {**created, "path": "/updatedProperties"}
        done, changes, _, _ = self.jmap(
            ["Email/set", {"accountId": self.key, "update": update}],
            ["Mailbox/changes", {"accountId": self.key, "sinceState": self.box_state}],
            ["Mailbox/get", {"accountId": self.key, "#ids": created}],
            ["Mailbox/get", {"accountId": self.key, "#ids": updated, "#properties": properties}],
        )
        self.box_state = changes["newState"]
        assert done["updated"] is not None, done

    # Search --------------------------------------------------------------------------------------
    def where(self, kind, words):
        what = (
            {"body": words}
            if kind == "body"
            else {"operator": "OR", "conditions": [{"from": words}, {"subject": words}]}
        )
        return {"operator": "AND", "conditions": [{"inMailbox": self.inbox}, what]}

    def search(self, kind, words):
        # The client asks for a screenful and a margin; the total is for the driver's check alone.
        calls = self.window({"position": 0}, SEARCH_ROWS, self.where(kind, words), calculateTotal=True)
        query, _ = self.jmap(*calls)
        return {"total": query["total"], "unit": "threads", "ids": [self.t.uids[one] for one in query["ids"]]}

    def search_all(self, kind, words):
        (query,) = self.jmap(["Email/query", {"accountId": self.key, "filter": self.where(kind, words)}])
        return {self.t.uids[one] for one in query["ids"]}

    # Sending -------------------------------------------------------------------------------------
    def send(self, to, subject, body, name, data):
        """Upload, save the draft, hand it to the durable queue; the worker submits it at once here."""
        path = f"/jmap/upload/{self.key}/"
        stored = self.c.request("POST", path, data, {"Content-Type": "application/pdf"})
        assert stored.status in (200, 201), (stored.status, stored.text[:300])
        file = {"blobId": stored.json()["blobId"], "type": "application/pdf", "name": name}
        marked = "<p>" + html.escape(body).replace("\r\n", "<br>") + "</p>"
        draft = {
            "mailboxIds": {self.boxes["drafts"]["id"]: True},
            "keywords": {"$draft": True, "$seen": True},
            "messageId": [f"{time.time_ns()}@{DOMAIN}"],
            "from": [{"name": "Banc", "email": self.key}],
            "to": [{"name": None, "email": to}],
            "subject": subject,
            "textBody": [{"partId": "text", "type": "text/plain"}],
            "htmlBody": [{"partId": "html", "type": "text/html"}],
            "attachments": [{**file, "disposition": "attachment"}],
            "bodyValues": {"text": {"value": body}, "html": {"value": marked}},
        }
        (saved,) = self.jmap(["Email/set", {"accountId": self.key, "create": {"d": draft}}])
        request = {"emailId": saved["created"]["d"]["id"], "accountId": self.key}
        request |= {"identity": self.key, "mailFrom": self.key, "rcptTo": [to]}
        queued = self.c.post_json("/api/send", request, {"Content-Type": "application/json"})
        assert queued.status == 202, (queued.status, queued.text[:300])

    def first_load(self):
        login = first_page(self.c, self.login_page.text, "/connexion/")
        # What the page names to be fetched with it counts too, whatever its tag is called.
        page = self.page.text.replace('rel="modulepreload"', 'rel="preload"')
        mail = first_page(self.c, page, "/courrier/")
        return {
            "login page": [("/connexion/", 200, self.login_page.wire, len(self.login_page.body), "text/html")]
            + [(url, *facts) for url, facts in login.items()],
            "mail page": [("/courrier/", 200, self.page.wire, len(self.page.body), "text/html")]
            + [(url, *facts) for url, facts in mail.items()],
        }
