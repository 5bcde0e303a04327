"""Where checked files are kept, for real: a disk, an S3 service, and nginx between them and the reader."""

from __future__ import annotations

import hashlib
import os
import subprocess
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest
from moto.server import ThreadedMotoServer

from casier.engines.clamav.clamd import Finding, Report
from casier.engines.clamav.engine import Clamav
from casier.engines.engine import Facts
from casier.engines.nginx.engine import TEMPLATES
from casier.engines.nginx.spec import NginxSpec
from casier.engines.parts import part_named
from casier.engines.supervise.apply import install_all
from casier.engines.templates import render_template
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance, InstanceError
from casier.kernel.link_storage import coming_folder, object_store
from casier.mailbox.links.checking import ClamdScanner, Limits, check
from casier.mailbox.links.storage import OBJECTS_ROAD, Objects, storage_for
from casier.mailbox.links.worker import limits_of
from engines.private_instance import private_instance
from engines.test_clamav_signatures import wait_until_ready
from free_ports import free_offset

pytestmark = pytest.mark.engines
# In two halves, so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """An S3 service with an empty bucket; the settings that lead to it."""
    port = free_offset() + 18000
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    asked = urllib.request.Request(f"{endpoint}/casier", method="PUT")
    urllib.request.urlopen(asked, timeout=10).close()
    keys = {"access_key": "key", "secret_key": "secret"}
    yield {"storage": "s3", "endpoint": endpoint, "bucket": "casier", **keys}
    server.stop()


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    for folder in ("coming", "files"):
        (tmp_path / "data" / "links" / folder).mkdir(parents=True)
    return Instance(tmp_path)


def coming(instance: Instance, content: bytes) -> Path:
    file = coming_folder(instance) / "x"
    file.write_bytes(content)
    return file


def test_the_disk_keeps_what_it_was_given_and_forgets_it(instance: Instance) -> None:
    key, file = uuid.uuid4(), coming(instance, b"abc")
    storage = storage_for(instance)
    storage.keep(file, key)
    storage.keep(file, key)
    file.unlink()
    kept = instance.data / "links" / "files" / key.hex[:2] / key.hex
    assert storage.road(key) == f"/_casier/links/disk/{key.hex[:2]}/{key.hex}"
    assert (storage.name, kept.read_bytes(), oct(kept.stat().st_mode & 0o777)) == ("disk", b"abc", "0o640")
    storage.forget(key)
    storage.forget(key)
    assert not kept.exists()


def test_an_object_store_keeps_and_forgets(instance: Instance, bucket: dict[str, str]) -> None:
    content = os.urandom(12 * MEGABYTE)  # more than one part
    key, file = uuid.uuid4(), coming(instance, content)
    storage = storage_for(replace(instance, settings={"links": bucket}))
    storage.keep(file, key)
    road = storage.road(key)
    assert road.startswith(f"{OBJECTS_ROAD}/casier/{key.hex[:2]}/{key.hex}?X-Amz-")
    with urllib.request.urlopen(bucket["endpoint"] + road.removeprefix(OBJECTS_ROAD), timeout=30) as answer:
        assert hashlib.sha256(answer.read()).digest() == hashlib.sha256(content).digest()
    storage.forget(key)
    storage.forget(key)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(bucket["endpoint"] + road.removeprefix(OBJECTS_ROAD), timeout=30)


def test_an_object_store_that_is_down_is_no_refusal(instance: Instance, bucket: dict[str, str]) -> None:
    nowhere = {**bucket, "endpoint": "http://127.0.0.1:9"}
    known = object_store(replace(instance, settings={"links": nowhere}))
    assert known is not None
    with pytest.raises(Unavailable):
        Objects.of(known, retries=0).keep(coming(instance, b"abc"), uuid.uuid4())


def test_half_a_setting_is_told(instance: Instance, bucket: dict[str, str]) -> None:
    with pytest.raises(InstanceError, match="secret_key"):
        object_store(replace(instance, settings={"links": {**bucket, "secret_key": ""}}))
    found = object_store(replace(instance, settings={"links": bucket}))
    assert "secret" not in repr(found).replace("secret_key", "")


def serve(folder: Path, spec: NginxSpec, port: int) -> str:
    """An nginx with the two locations of the real configuration, and a web that answers `/x` with ROAD."""
    render_template(TEMPLATES, "site.conf.j2", folder / "site.conf", spec=spec)
    site = (folder / "site.conf").read_text()
    begin = site.index("    location /_casier/links/disk/")
    end = site.index("    location /lien/")
    return (
        f"user root; worker_processes 1; daemon off; pid {folder}/pid; error_log stderr error;\n"
        "events {}\nhttp {\naccess_log off; default_type application/octet-stream;\n"
        f"client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; "
        f"scgi_temp_path {folder}/s; uwsgi_temp_path {folder}/u;\n"
        "map $request_uri $casier_odd_path { default 0; }\nmap $host $casier_hsts { default ''; }\n"
        f"server {{ listen 127.0.0.1:{port};\n{site[begin:end]}\n"
        f"location /x {{ proxy_pass http://127.0.0.1:{port + 1}; }}\n"
        "location = /_casier/error.html { internal; return 503; }\n} }\n"
    )


def test_nginx_serves_both_as_downloads_in_which_nothing_runs(
    instance: Instance, bucket: dict[str, str]
) -> None:
    import socketserver
    import threading
    from http.server import BaseHTTPRequestHandler

    roads: dict[str, str] = {}

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("X-Accel-Redirect", roads[self.path])
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Disposition", 'attachment; filename="page.html"')
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    content = b"<script>alert(1)</script>" * 100_000
    for name, settings in ("disk", {}), ("s3", {"links": bucket}):
        key, storage = uuid.uuid4(), storage_for(replace(instance, settings=settings))
        storage.keep(coming(instance, content), key)
        roads[f"/x/{name}"] = storage.road(key)
    spec = NginxSpec.of(replace(instance, settings={"links": bucket}), Facts())
    port = free_offset() + 18100
    instance.root.chmod(0o755)
    configuration = instance.root / "nginx.conf"
    configuration.write_text(serve(instance.root, spec, port))
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port + 1), Web) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        command = ["/usr/sbin/nginx", "-e", "stderr", "-p", str(instance.root), "-c", str(configuration)]
        with subprocess.Popen(command) as nginx:
            try:
                for name in ("disk", "s3"):
                    check_download(f"http://127.0.0.1:{port}/x/{name}", content)
                for road in roads.values():
                    with pytest.raises(urllib.error.HTTPError, match=r"404|503"):
                        urllib.request.urlopen(f"http://127.0.0.1:{port}{road}", timeout=10)
            finally:
                nginx.terminate()
                web.shutdown()


def check_download(url: str, content: bytes) -> None:
    from waiting import wait_until

    def whole() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.read() == content
                headers = answer.headers
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            return False
        assert headers.get_all("Content-Disposition") == ['attachment; filename="page.html"']
        assert headers.get_all("Content-Type") == ["application/octet-stream"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        return True

    wait_until("nginx serves the file", whole)
    asked = urllib.request.Request(url, headers={"Range": "bytes=10-19"})
    with urllib.request.urlopen(asked, timeout=10) as part:
        assert (part.status, part.read()) == (206, content[10:20])


@pytest.fixture(scope="module")
def clamd() -> Iterator[Instance]:
    with private_instance() as found:
        engine = Clamav()
        engine.prepare(found)
        install_all(found, Facts(attachment_bytes=2_000_000), [part_named("clamav")])
        with subprocess.Popen(engine.command(found), user="clamav", group="clamav") as process:
            wait_until_ready(engine, found)
            yield found
            process.terminate()


def looked_at(clamd: Instance, file: Path) -> tuple[Finding, bool]:
    """What the real clamd finds in FILE, with limits so low that a few megabytes are large."""
    scanner = ClamdScanner(clamd.socket("clamav", "rspamd", "clamd.sock"))
    checked = check(file, scanner, Limits(4 * MEGABYTE, 2 * MEGABYTE))
    return checked.report.finding, checked.whole


def test_the_real_limits_are_clamds(clamd: Instance) -> None:
    assert limits_of(clamd).file_bytes == 4 * limits_of(clamd).stream_bytes


def test_small_files_are_read_by_clamd_itself_though_it_may_not_open_them(
    clamd: Instance, tmp_path: Path
) -> None:
    for content, finding in (EICAR, Finding.VIRUS), (b"bulletin", Finding.CLEAN):
        file = tmp_path / "x"
        file.write_bytes(content)
        file.chmod(0o600)
        assert looked_at(clamd, file) == (finding, True)


def test_large_files_are_looked_at_in_slices(clamd: Instance, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"\0" * (9 * MEGABYTE))
    assert looked_at(clamd, file) == (Finding.CLEAN, False)


def test_a_large_zip_is_opened(clamd: Instance, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    for content, wanted in (b"bulletin", Finding.CLEAN), (EICAR, Finding.VIRUS):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("bruit.bin", os.urandom(MEGABYTE * 3 // 2))
            archive.writestr("autre.bin", os.urandom(MEGABYTE * 3 // 2))
            archive.writestr("encore.bin", os.urandom(MEGABYTE * 3 // 2))
            archive.writestr("fin.txt", content, zipfile.ZIP_DEFLATED)
        assert looked_at(clamd, file)[0] == wanted


class Silent:
    """A clamd in error."""

    def scan_file(self, file: IO[bytes]) -> Report:  # noqa: ARG002
        return Report(Finding.UNKNOWN, "error")

    def scan_pieces(self, pieces: Iterator[bytes]) -> Report:  # noqa: ARG002
        return Report(Finding.UNKNOWN, "error")


def test_an_encrypted_zip_and_a_bomb_cant_be_vouched_for(clamd: Instance, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bruit.bin", os.urandom(5 * MEGABYTE))
    whole = file.read_bytes()
    position = whole.rindex(b"PK\x01\x02") + 8  # the flags of the only entry: bit 0 says "encrypted"
    file.write_bytes(whole[:position] + b"\x01" + whole[position + 1 :])
    assert looked_at(clamd, file)[0] == Finding.NOT_SCANNABLE
    with pytest.raises(Unavailable):
        check(file, Silent(), Limits(4 * MEGABYTE, 2 * MEGABYTE))
