"""What a search costs the servers: CPU of all processes of an instance, for several kinds of search.

    ./casier mail import ADDRESS FOLDER     fifty thousand messages, such as the rig's generator makes
    python bench/search_cost.py INSTANCE ADDRESS [--rounds 15] [SEARCH…]

Each search is the request that the web client sends for it, through nginx with TLS, with the session's
cookie: the query (its filter comes from web/src/store/search/search.ts itself, by Node) and the heads of the
first thirty rows. Prints the median CPU of a search, over rounds of four. ADDRESS is a demo account.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from journeys.running import RunningInstance

SEARCHES = [
    "réunion", "reunion", "reun", "co", "re", "pr", "qu co", "hydrogéologie", "hydrogeol", "quevreux",
    "conseil administration", '"conseil d’administration"', "réunion -conseil",
    "géothermie OU caténaires", "de:gerault", "de:gér", "de:lefevre objet:réunion",
    "de:martin après:2026-06", "objet:inscription",
    "après:2026-10 avant:2026-10-15", "pièce:oui", "pièce:rapport",
    "chèvrefeuille est:non-lu", "plus-grand:100ko",
    "dans:inbox thermorégulé",
]  # fmt: skip
USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "https://cyrusimap.org/ns/jmap/mail"]
HEAD = ["id", "threadId", "mailboxIds", "keywords", "from", "to", "subject", "preview", "receivedAt"]
ROWS = 30
NODE = """
import { searchFilter } from %(module)s;
const names = { folder: () => %(inbox)s, label: () => null };
const scope = { ...names, mailbox: null, without: %(without)s, now: new Date() };
console.log(JSON.stringify(%(searches)s.map((typed) => searchFilter(typed, scope))));
"""


def filters(searches: list[str], without: list[str], inbox: str) -> list[Any]:
    """What the web client asks the store for each of SEARCHES."""
    module = (ROOT / "web/src/store/search/search.ts").as_uri()
    values = {"module": module, "without": without, "inbox": inbox, "searches": searches}
    program = NODE % {name: json.dumps(value) for name, value in values.items()}
    done = subprocess.run(
        ["node", "--experimental-strip-types", "--input-type=module", "-e", program],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return list(json.loads(done.stdout))


class Person:
    """A demo person in the webmail."""

    def __init__(self, instance: RunningInstance, address: str) -> None:
        person = instance.demo(address=address)
        origin = instance.web_url(person["academy"])
        host = origin.removeprefix("https://")
        headers = {"Origin": origin, "Host": host, "Sec-Fetch-Site": "same-origin"}
        base = re.sub(r"//[^:]+:", "//localhost:", origin)
        self.http = httpx.Client(base_url=base, verify=instance.tls, headers=headers, timeout=60)
        form = self.http.get("/connexion/")
        fields = dict(
            re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.text)
        )
        fields |= self._names(form.text, person)
        answer = self.http.post("/connexion/", data=fields)
        cookies = [line.split(";")[0] for line in answer.headers.get_list("set-cookie")]
        self.http.cookies.clear()
        self.http.headers["Cookie"] = "; ".join(cookies)
        session = self.http.get("/jmap/").raise_for_status().json()
        self.key = session["primaryAccounts"]["urn:ietf:params:jmap:mail"]

    @staticmethod
    def _names(form: str, person: dict[str, Any]) -> dict[str, str]:
        inputs = re.findall(r"<input[^>]*>", form)
        named = {found[1]: one for one in inputs if (found := re.search(r'name="([^"]+)"', one))}
        login = next(name for name, one in named.items() if "username" in one)
        password = next(name for name, one in named.items() if 'type="password"' in one)
        return {login: person["signInName"], password: person["password"]}

    def ask(self, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
        listed = [[name, {"accountId": self.key, **given}, str(at)] for at, (name, given) in enumerate(calls)]
        answer = self.http.post("/jmap/", json={"using": USING, "methodCalls": listed}).raise_for_status()
        return [
            body if name != "error" else {"error": body} for name, body, _ in answer.json()["methodResponses"]
        ]

    def search(self, condition: Any) -> int:
        """How many rows came."""
        query = {
            "filter": condition, "sort": [{"property": "receivedAt", "isAscending": False}],
            "collapseThreads": True, "limit": ROWS,
        }  # fmt: skip
        heads = {"#ids": {"resultOf": "0", "name": "Email/query", "path": "/ids"}, "properties": HEAD}
        found = self.ask(("Email/query", query), ("Email/get", heads))
        if "error" in found[0]:
            raise SystemExit(f"{condition}: {found[0]}")
        return len(found[0]["ids"])


def processes(instance: str) -> list[int]:
    """All of INSTANCE's, by its folder in their environment, command or parent."""
    command = [str(ROOT / "casier"), "status", "--json", "--instance", instance]
    status = subprocess.run(command, capture_output=True, text=True, check=True)
    pids = {int(part["pid"]) for part in json.loads(status.stdout)["parts"] if part.get("pid")}
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(
                stat.read_text(errors="replace").rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in pids} - pids
        pids |= more
        grown = bool(more)
    return sorted(pids)


def nanoseconds(pids: list[int]) -> int:
    """CPU of PIDS until now."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text().split()[0])
            except (OSError, ValueError):
                continue
    return total


def idle(instance: str, seconds: float) -> float:
    """CPU a second that the instance takes by itself."""
    pids = processes(instance)
    before = nanoseconds(pids)
    time.sleep(seconds)
    return (nanoseconds(pids) - before) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance")
    parser.add_argument("address")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("searches", nargs="*")
    given = parser.parse_args()
    person = Person(RunningInstance(Path(given.instance)), given.address)
    boxes = person.ask(("Mailbox/get", {"ids": None, "properties": ["role", "totalEmails"]}))[0]["list"]
    by_role = {box["role"]: box["id"] for box in boxes}
    searches = given.searches or SEARCHES
    asked = filters(
        searches, [by_role[role] for role in ("trash", "junk") if role in by_role], by_role["inbox"]
    )
    count = sum(box["totalEmails"] for box in boxes)
    print(f"{count} messages; idle {idle(given.instance, 3) / 1e6:.1f} ms a second")
    for typed, condition in zip(searches, asked, strict=True):
        print(f"{typed:32} {measured(given.instance, person, condition, given.rounds)}", flush=True)


def measured(instance: str, person: Person, condition: Any, rounds: int) -> str:
    rows = person.search(condition)
    costs, walls = [], []
    for _ in range(rounds):
        pids = processes(instance)
        before, began = nanoseconds(pids), time.perf_counter()
        for _ in range(4):
            person.search(condition)
        walls.append((time.perf_counter() - began) / 4)
        costs.append((nanoseconds(pids) - before) / 4)
    return (
        f"{rows:3} rows {statistics.median(costs) / 1e6:7.1f} ms of CPU "
        f"(max {max(costs) / 1e6:6.1f}), {statistics.median(walls) * 1000:7.1f} ms until it is here"
    )


if __name__ == "__main__":
    main()
