"""Headers, cookies and TLS, graded from outside as a scanner of such things does."""

from __future__ import annotations

import re
import secrets
import socket
import ssl
import subprocess
from dataclasses import dataclass
from http.cookies import SimpleCookie

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey

# Pages for anyone, and the first page of each way in.
PAGES = (
    "/connexion/",
    "/activation/",
    "/oubli/",
    "/depannage/",
    "/securite/nothing-there/",
    "/aide/",
    "/accessibilite/",
    "/nulle-part/",
)
NEVER_FROM_ELSEWHERE = ("script-src", "style-src", "font-src", "img-src", "connect-src", "form-action")
ALLOWED_SOURCES = {"'self'", "'none'", "data:", "blob:"}


@dataclass(frozen=True)
class Graded:
    """A page, and what a scanner takes off for."""

    path: str
    faults: list[str]


def policy_faults(policy: str) -> list[str]:
    """What a Content-Security-Policy of the portal must not say, or must."""
    rules = {words[0]: set(words[1:]) for part in policy.split(";") if (words := part.split())}
    faults = [] if rules.get("default-src") == {"'none'"} else ["default-src isn't 'none'"]
    faults += [
        f"{name} is not 'none'" for name in ("base-uri", "frame-ancestors") if rules.get(name) != {"'none'"}
    ]
    if rules.get("form-action") != {"'self'"}:
        faults.append("form-action isn't 'self'")
    return faults + [
        f"{name} allows {source}"
        for name in NEVER_FROM_ELSEWHERE
        for source in rules.get(name, set()) - ALLOWED_SOURCES
    ]


def header_faults(headers: httpx.Headers) -> list[str]:
    wanted = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
        "cache-control": "no-store",
    }
    faults = [f"{name}: {headers.get(name)}" for name, value in wanted.items() if headers.get(name) != value]
    faults += [f"{name} tells what runs" for name in ("x-powered-by",) if name in headers]
    if re.search(r"\d", headers.get("server", "")):
        faults.append("server tells its version")
    return faults + policy_faults(headers.get("content-security-policy", ""))


def cookie_faults(headers: httpx.Headers) -> list[str]:
    faults = []
    for line in headers.get_list("set-cookie"):
        for name, cookie in SimpleCookie(line).items():
            script_reads_it = name == "__Host-casier-theme"
            if (
                not name.startswith("__Host-")
                or not cookie["secure"]
                or cookie["path"] != "/"
                or cookie["domain"]
            ):
                faults.append(f"cookie {name} isn't bound to the host")
            if not cookie["httponly"] and not script_reads_it:
                faults.append(f"script can read the cookie {name}")
            if cookie["samesite"] not in {"Lax", "Strict"}:
                faults.append(f"other sites send the cookie {name}")
    return faults


def inline_faults(page: str) -> list[str]:
    """Scripts and styles that the policy wouldn’t let run: a browser tells of them in its console only."""
    patterns = {
        "script in the page": r"<script(?![^>]*\bsrc=)",
        "style in the page": r"<style|\sstyle=",
        "handler in the page": r"\son[a-z]+=",
        "something from elsewhere": r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//",
    }
    return [fault for fault, pattern in patterns.items() if re.search(pattern, page)]


@pytest.fixture(scope="module")
def client(instance: RunningInstance) -> httpx.Client:
    host = f"rouen.localhost:{instance.port(Port.WEB)}"
    made = httpx.Client(verify=instance.tls, base_url=instance.web_url(), headers={"Host": host})
    instance.clients.callback(made.close)
    return made


def test_the_pages_of_the_way_in_have_nothing_taken_off(client: httpx.Client) -> None:
    graded = []
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code < 500, path
        faults = header_faults(answer.headers) + cookie_faults(answer.headers) + inline_faults(answer.text)
        graded.append(Graded(path, faults))
    assert [one for one in graded if one.faults] == []


@pytest.mark.parametrize("path", ["/connexion/", "/activation/", "/oubli/", "/depannage/"])
def test_a_page_of_the_way_in_asked_for_by_another_method_changes_nothing(
    client: httpx.Client, path: str
) -> None:
    for method in ("PUT", "DELETE", "TRACE", "PATCH"):
        assert client.request(method, path).status_code in {403, 405}, (path, method)


def test_a_form_without_its_token_is_refused(client: httpx.Client) -> None:
    answer = client.post("/connexion/", data={"identifiant": "x", "mot_de_passe": "y"})
    assert answer.status_code == 403
    assert header_faults(answer.headers) == []


@pytest.mark.parametrize("port", [Port.WEB, Port.IMAPS, Port.SMTPS])
def test_only_tls_that_is_still_good(instance: RunningInstance, port: Port) -> None:
    """1.2 with forward secrecy and authenticated encryption, 1.3; nothing older is spoken at all."""
    for old in ("-tls1", "-tls1_1"):
        assert not speaks(instance, port, old, "-cipher", "ALL:@SECLEVEL=0"), old
    for weak in ("AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "NULL:eNULL"):
        assert not speaks(instance, port, "-tls1_2", "-cipher", f"{weak}:@SECLEVEL=0"), weak
    assert speaks(instance, port, "-tls1_2")
    assert speaks(instance, port, "-tls1_3")
    with (
        socket.create_connection(("127.0.0.1", instance.port(port)), timeout=10) as raw,
        instance.tls.wrap_socket(raw, server_hostname="localhost") as secured,
    ):
        assert secured.version() == "TLSv1.3"
        assert secured.compression() is None


def speaks(instance: RunningInstance, port: Port, *options: str) -> bool:
    """Whether a handshake with these options of openssl succeeds."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{instance.port(port)}", *options]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30, check=False)
    return b"Cipher is (NONE)" not in done.stdout and b"Cipher is " in done.stdout


def test_the_certificate_is_for_the_names(instance: RunningInstance) -> None:
    with (
        socket.create_connection(("127.0.0.1", instance.port(Port.WEB)), timeout=10) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
        instance.tls.wrap_socket(raw, server_hostname="elsewhere.example"),
    ):
        pass


@pytest.mark.parametrize("path", ["/securite/", "/oubli/lien/", "/lien/"])
def test_no_log_keeps_what_a_link_holds(instance: RunningInstance, client: httpx.Client, path: str) -> None:
    """Whoever reads the logs opens nothing with them."""
    token = secrets.token_urlsafe(32)
    assert client.get(f"{path}{token}/").status_code < 500

    def lines() -> str:
        return "".join(log.read_text("utf-8", "replace") for log in instance.layout.log.rglob("*.log"))

    wait_until("the request to be in the log", lambda: f"{path}-" in lines(), 15)
    assert token not in lines()
