"""Compare what the platform reads in imported messages with what Python's parser reads.

    python bench/compare_reading.py ADDRESS SOURCE… --instance DIR

For each message found in SOURCE (already imported into ADDRESS's mailbox): the parts in order, the text of
the text parts, names and decoded sizes of all. Every difference is listed with its class; the classes are
explained in docs/operate/import.md. Run by hand; it makes an application password called `compare_reading`.
"""

from __future__ import annotations

import argparse
import email
import email.header
import email.policy
import json
import re
import ssl
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from casier.kernel.instance import Instance, Port
from casier.mailbox.importing import found, headers, normal, tree
from casier.mailbox.importing.appending import fingerprint

UNEXPLAINED = "unexplained"
PARTS = ["partId", "blobId", "type", "name", "size", "charset", "disposition", "subParts"]


@dataclass(frozen=True)
class Leaf:
    """One part that holds no others."""

    type: str
    name: str
    size: int
    text: str | None


def main() -> int:
    arguments = _arguments()
    instance = Instance.load(arguments.instance)
    wanted = dict(_messages(arguments.source))
    with _client(instance, arguments.address) as client:
        seen = dict(_read(client, list(wanted)))
    classes: Counter[str] = Counter()
    for mark, (origin, content) in wanted.items():
        if mark not in seen:
            print(f"absent  {origin}")
            classes["absent"] += 1
            continue
        for kind, detail in compare(content, seen[mark]):
            classes[kind] += 1
            print(f"{kind}  {origin}  {detail}")
    print(json.dumps({"messages": len(wanted), "differences": dict(classes.most_common())}))
    return 1 if classes[UNEXPLAINED] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("address")
    parser.add_argument("source", nargs="+", type=Path)
    parser.add_argument("--instance", type=Path, default=None)
    return parser.parse_args()


def _messages(paths: list[Path]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for path in paths:
        for item in tree.read(path):
            if isinstance(item, found.Message):
                try:
                    content = normal.normalise(item.content).content
                except normal.NotMail:
                    continue
                yield fingerprint(content), (str(item.origin), content)


# What the platform says --------------------------------------------------------------------------
def _client(instance: Instance, address: str) -> httpx.Client:
    command = [str(ROOT / "casier"), "--instance", str(instance.root), "app-password", "create", address]
    command += ["--name", "compare_reading", "--json"]
    made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    trust = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))
    url = f"https://localhost:{instance.port(Port.WEB)}"
    return httpx.Client(base_url=url, verify=trust, auth=(address, made["password"]), timeout=60)


def _read(client: httpx.Client, marks: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    session = client.get("/.well-known/jmap", follow_redirects=True).raise_for_status().json()
    account = session["primaryAccounts"]["urn:ietf:params:jmap:mail"]
    for start in range(0, len(marks), 25):
        ids = ["M" + mark for mark in marks[start : start + 25]]
        arguments = {
            "accountId": account, "ids": ids, "properties": ["id", "bodyStructure", "bodyValues", "subject"],
            "bodyProperties": PARTS, "fetchAllBodyValues": True,
        }  # fmt: skip
        call = {
            "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"],
            "methodCalls": [["Email/get", arguments, "0"]],
        }
        answer = client.post("/jmap/", json=call).raise_for_status().json()["methodResponses"][0]
        assert answer[0] == "Email/get", answer
        for one in answer[1]["list"]:
            yield one["id"].removeprefix("M"), one


def theirs(message: dict[str, Any]) -> list[Leaf]:
    """The leaves as JMAP gives them."""
    leaves = []

    def walk(part: dict[str, Any]) -> None:
        if part.get("subParts") and not part["type"].startswith("message/"):
            for below in part["subParts"]:
                walk(below)
            return
        value = message["bodyValues"].get(part["partId"]) if part.get("partId") else None
        text = value["value"] if value and part["type"].startswith("text/") else None
        leaves.append(Leaf(part["type"].lower(), part.get("name") or "", part["size"], text))

    walk(message["bodyStructure"])
    return leaves


# What Python's parser says -----------------------------------------------------------------------
def ours(content: bytes) -> list[Leaf]:
    """The leaves as Python's parser gives them."""
    leaves = []

    def walk(part: Message) -> None:
        if part.is_multipart() and part.get_content_maintype() != "message":
            for below in part.get_payload():
                walk(below)  # type: ignore[arg-type]
            return
        kind = part.get_content_type()
        data = _bytes(part)
        text = _text(part, data) if kind.startswith("text/") else None
        leaves.append(Leaf(kind, _name(part), len(data), text))

    walk(email.message_from_bytes(content))
    return leaves


def _bytes(part: Message) -> bytes:
    if part.get_content_maintype() == "message" and part.is_multipart():
        return b"".join(below.as_bytes() for below in part.get_payload())  # type: ignore[union-attr,misc]
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(part: Message) -> str:
    try:
        raw = part.get_filename() or ""
        return "".join(
            piece.decode(charset or "utf-8", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in email.header.decode_header(raw)
        )
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return ""


def _text(part: Message, data: bytes) -> str:
    charset = str(part.get_content_charset() or "us-ascii")
    try:
        return data.decode("utf-8" if charset in ("us-ascii", "utf-8") else charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("latin-1")


# Where they differ -------------------------------------------------------------------------------
def compare(content: bytes, message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Class and detail of each difference."""
    mine, other = ours(content), theirs(message)
    if [leaf.type for leaf in mine] != [leaf.type for leaf in other]:
        yield (
            _structure_class(content, mine, other),
            f"{[leaf.type for leaf in mine]} | {[leaf.type for leaf in other]}",
        )
        return
    for number, (one, two) in enumerate(zip(mine, other, strict=True)):
        if _squeezed(one.name) != _squeezed(two.name):
            yield _name_class(one), f"part {number}: {one.name!r} | {two.name!r}"
        if one.size != two.size and not one.type.startswith("message/"):
            yield _size_class(content, one, two), f"part {number} {one.type}: {one.size} | {two.size}"
        if one.text is not None and two.text is not None and _squeezed(one.text) != _squeezed(two.text):
            yield (
                _text_class(content, one.text, two.text),
                f"part {number}: {_first_difference(one.text, two.text)}",
            )


def _squeezed(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text.replace("\ufeff", ""))).strip()


def _first_difference(one: str, two: str) -> str:
    one, two = _squeezed(one), _squeezed(two)
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return f"{one[at - 10 if at > 10 else 0 : at + 30]!r} | {two[at - 10 if at > 10 else 0 : at + 30]!r}"


def _structure_class(content: bytes, mine: list[Leaf], other: list[Leaf]) -> str:
    types = [leaf.type for leaf in mine]
    if len(headers.values(headers.block(content), "Content-Type")) > 1:
        return "two-content-types"
    if any(kind.startswith("multipart/") for kind in types):
        return "multipart-without-parts"
    rest = iter(leaf.type for leaf in other)
    return "ambiguous-boundary" if all(kind in rest for kind in types) else UNEXPLAINED


def _name_class(one: Leaf) -> str:
    return "raw-letters-in-name" if "\ufffd" in one.name or not one.name.isascii() else UNEXPLAINED


def _size_class(content: bytes, one: Leaf, two: Leaf) -> str:
    if abs(one.size - two.size) <= 3:
        return "line-end-of-part"
    return "ambiguous-boundary" if _same_boundary_twice(content) else UNEXPLAINED


def _text_class(content: bytes, one: str, two: str) -> str:
    if _squeezed(_as_windows(one)) == _squeezed(two):
        return "latin1-read-as-windows"
    if "\ufffd" in two:
        return "letters-not-declared"
    if b"\r" in content.replace(b"\r\n", b""):
        return "lone-carriage-return"
    return "ambiguous-boundary" if _same_boundary_twice(content) else UNEXPLAINED


def _as_windows(text: str) -> str:
    return "".join(
        letter.encode("latin-1").decode("cp1252", "replace") if "\x80" <= letter <= "\x9f" else letter
        for letter in text
    )


def _same_boundary_twice(content: bytes) -> bool:
    """Whether one boundary begins with another's text, or parts of one level are cut by another's."""
    found = [match.strip(b'"') for match in re.findall(rb'boundary="?([^"\s;]+)', content, re.I)]
    return len(found) > 1


if __name__ == "__main__":
    sys.exit(main())
