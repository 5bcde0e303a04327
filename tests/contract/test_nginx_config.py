"""The rendered configuration, through nginx's own checker."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from casier.engines import tls
from casier.engines.engine import Facts
from casier.engines.nginx.engine import Nginx
from casier.engines.nginx.spec import NginxSpec
from casier.kernel.instance import Instance

FACTS = Facts(hosts=("rouen.localhost", "caen.localhost"), public_host="mail.casier.test")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path)
    tls.ensure(made.tls, FACTS.hosts)
    for folder in (made.data / "nginx", made.log, made.run):
        folder.mkdir(parents=True)
    return made


def spec_of(instance: Instance) -> NginxSpec:
    return Nginx().spec(instance, FACTS)


def rendered(spec: NginxSpec, folder: Path) -> dict[str, str]:
    Nginx().render(spec, folder)
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_nginx_accepts_it(instance: Instance, tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    rendered(spec_of(instance), staging)
    assert Nginx().check(staging) == []


def test_nginx_refuses_what_is_wrong(instance: Instance, tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    rendered(replace(spec_of(instance), public_host="a b { }"), staging)
    assert Nginx().check(staging)


def test_the_same_facts_give_the_same_bytes(instance: Instance, tmp_path: Path) -> None:
    turned = replace(FACTS, hosts=tuple(reversed(FACTS.hosts)))
    first = rendered(spec_of(instance), tmp_path / "one")
    assert rendered(Nginx().spec(instance, turned), tmp_path / "two") == first


def test_newer_versions_get_their_own_words(instance: Instance, tmp_path: Path) -> None:
    old = rendered(replace(spec_of(instance), version=(1, 22, 1)), tmp_path / "old")["site.conf"]
    new = rendered(replace(spec_of(instance), version=(1, 26, 3)), tmp_path / "new")["site.conf"]
    assert "ssl http2" in old
    assert "http2 on;" not in old
    assert "ssl http2" not in new
    assert new.count("http2 on;") == 2


def locations(text: str) -> dict[str, str]:
    """The locations of the site by name, each with its directives."""
    parts = re.split(r"^    location ", text, flags=re.MULTILINE)[1:]
    return {part.partition("{")[0].strip(): part for part in parts}


def test_whoever_reaches_cyrus_or_push_has_been_checked(instance: Instance, tmp_path: Path) -> None:
    site = locations(rendered(spec_of(instance), tmp_path / "s")["site.conf"])
    roads = [name for name, part in site.items() if "casier_store_upstream;" in part or "//relay" in part]
    assert {"/jmap/", "/jmap/download/", "/dav/", "= /events"} <= {*roads, "/dav/"}
    for name in {*roads, "/dav/", "/jmap/upload/", "/courrier/"} - {"@scanned"}:
        assert "auth_request /_casier/check;" in site[name], name
    for name in ("= /_casier/check", "= /_casier/refused", "= /_casier/problem", "= /_casier/error.html"):
        assert "internal;" in site[name]


def test_no_location_forgets_the_headers(instance: Instance, tmp_path: Path) -> None:
    """`add_header` in a location drops those above it, so each one that adds any must add all."""
    site = locations(rendered(spec_of(instance), tmp_path / "s")["site.conf"])
    own = {"= /_casier/check", "= /_casier/ready", "/_casier/", "@sign_in"}
    for name, part in site.items():
        only_returns = "; }" in part.partition("\n")[0]
        if name in own or only_returns or "return 421" in part:
            continue
        assert "add_header X-Content-Type-Options nosniff always;" in part, name


def test_logs_tell_no_secret(instance: Instance, tmp_path: Path) -> None:
    files = rendered(spec_of(instance), tmp_path / "s")
    log_format = re.search(r"log_format casier(.*?);", files["maps.conf"], re.DOTALL)
    assert log_format
    for name in ("cookie", "authorization", "args", "request_uri", "$request ", "token", "http_"):
        assert name not in log_format[1], name
    assert "error_log stderr error;" in files["nginx.conf"]
    assert "debug" not in "".join(line for line in files["nginx.conf"].splitlines() if "#" not in line)


def test_mail_is_never_in_clear(instance: Instance, tmp_path: Path) -> None:
    mail = rendered(spec_of(instance), tmp_path / "s")["mail.conf"]
    servers = mail.split("server {")[1:]
    assert len(servers) == 3
    assert all(" ssl;" in server or "starttls only;" in server for server in servers)
    assert "smtp_auth plain login;" in mail
