"""Documents become PDF behind walls: real LibreOffice, hostile documents, the part under the supervisor."""

from __future__ import annotations

import hashlib
import io
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casier.boot.layout import ensure_user
from casier.engines.engine import Facts
from casier.engines.office.converting import Converter, NotConverted
from casier.engines.office.engine import USER
from casier.engines.office.frames import Office, office_socket
from casier.engines.office.kinds import KINDS
from casier.engines.office.sandbox import Limits, run_inside
from casier.engines.parts import part_named
from engines.daemons import supervised
from engines.private_instance import private_instance
from journeys.preview_files import docx
from waiting import wait_until

DOCUMENTS = Path(__file__).parent / "data" / "office"
RICH = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 Bonjour \'e0 tous.\par}"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    ensure_user(USER)
    with private_instance() as instance:
        (instance.run / "office-casier").mkdir(exist_ok=True)
        subprocess.run(["chown", f"{USER}:casier", str(instance.run / "office-casier")], check=True)
        with supervised(instance, [part_named("office")], Facts()):
            yield Office(office_socket(instance))


def key_of(content: bytes, kind: str = "docx") -> str:
    return f"{hashlib.sha256(content).hexdigest()}-{kind}"


def converted(office: Office, content: bytes, kind: str = "docx") -> tuple[str, str]:
    """How it ended: state and reason."""
    key = key_of(content, kind)
    office.convert(key, kind, "essai", content)
    wait_until("the end of the conversion", lambda: office.ask(key).state in {"ready", "failed"}, 120)
    found = office.ask(key)
    return found.state, found.reason


def test_a_document_becomes_pdf_and_is_kept(office: Office) -> None:
    content = docx("Bonjour à tous")
    assert converted(office, content) == ("ready", "")
    pages = office.fetch(key_of(content))
    assert pages is not None
    assert pages.startswith(b"%PDF-")
    again = office.convert(key_of(content), "docx", "essai", content)
    assert again.state == "ready"


def test_what_a_document_links_to_is_not_fetched(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        port = listener.getsockname()[1]
        asked: list[object] = []
        stop = threading.Event()
        listening = threading.Thread(target=_listen, args=(listener, asked, stop))
        listening.start()
        try:
            assert converted(office, docx("Lien", picture=f"http://127.0.0.1:{port}/image.png"))[0] == "ready"
            assert converted(office, docx("Fichier", picture="file:///etc/hostname"))[0] == "ready"
        finally:
            stop.set()
            listening.join()
    assert asked == []


def _listen(listener: socket.socket, asked: list[object], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        asked.append(connection.recv(200))
        connection.close()


@pytest.mark.parametrize("name", ["a.doc", "a.docx", "a.odt", "t.ods", "t.xls", "t.xlsx", "p.odp", "p.pptx"])
def test_documents_of_every_family_become_pages(office: Office, name: str) -> None:
    content, kind = (DOCUMENTS / name).read_bytes(), name.rpartition(".")[2]
    assert converted(office, content, kind) == ("ready", "")
    pages = office.fetch(key_of(content, kind))
    assert pages is not None
    assert pages.startswith(b"%PDF-")


def test_a_document_in_rich_text_becomes_pages(office: Office) -> None:
    assert converted(office, RICH, "rtf") == ("ready", "")


@pytest.mark.parametrize("kind", ["doc", "docx", "ods", "pptx", "xls"])
def test_a_password_is_told(office: Office, kind: str) -> None:
    content = (DOCUMENTS / f"locked.{kind}").read_bytes()
    assert converted(office, content, kind) == ("failed", "encrypted")


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "t.xlsx"])
def test_half_a_document_is_damaged(office: Office, name: str) -> None:
    content = (DOCUMENTS / name).read_bytes()
    assert converted(office, content[: len(content) // 2], name.rpartition(".")[2]) == ("failed", "damaged")
    assert converted(office, RICH[: len(RICH) // 3], "rtf")[0] == "failed"


def with_content(change: Callable[[str], str]) -> bytes:
    """An OpenDocument text whose content was changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(DOCUMENTS / "a.odt") as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, change(text.decode()).encode() if name == "content.xml" else text)
    return changed.getvalue()


def test_what_an_opendocument_links_to_is_not_fetched(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        picture = (
            f'<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="{address}/a.png" '
            'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
            f'<text:section text:name="S"><text:section-source xlink:href="{address}/b.odt"/></text:section>'
        )
        asked: list[object] = []
        stop = threading.Event()
        listening = threading.Thread(target=_listen, args=(listener, asked, stop))
        listening.start()
        try:
            content = with_content(lambda text: text.replace("</office:text>", picture + "</office:text>"))
            assert converted(office, content, "odt") == ("ready", "")
        finally:
            stop.set()
            listening.join()
    assert asked == []


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(wall_seconds=0.6), "too_slow"), (Limits(file_bytes=2_000), "too_much")],
)
def test_what_takes_more_than_it_is_given_is_told_apart(tmp_path: Path, limits: Limits, reason: str) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    Converter(folder).make_ready()
    with pytest.raises(NotConverted) as refused:
        Converter(folder, limits).convert(KINDS["docx"], (DOCUMENTS / "a.docx").read_bytes())
    assert refused.value.code == reason


@pytest.mark.parametrize("megabytes", [450, 700])
def test_too_little_memory_is_no_damage(tmp_path: Path, megabytes: int) -> None:
    """However LibreOffice comes to grief of it: in the midst of its work, or by a crash that says nothing."""
    folder = tmp_path / "office"
    folder.mkdir()
    Converter(folder).make_ready()
    with pytest.raises(NotConverted) as refused:
        Converter(folder, Limits(memory_bytes=megabytes << 20)).convert(KINDS["docx"], long_docx(300_000))
    assert refused.value.code == "too_much", str(refused.value)


def long_docx(paragraphs: int) -> bytes:
    """A document of many lines, without a fault."""
    between = "</w:t></w:r></w:p><w:p><w:r><w:t>"
    return docx(between.join(["Une ligne de plus"] * paragraphs))


def test_a_text_without_end_is_told_to_be_too_large(office: Office) -> None:
    state, reason = converted(office, long_docx(2_000_000))
    assert (state, reason) in {("failed", "too_much"), ("failed", "too_slow")}


def test_hostile_documents_are_refused_with_a_reason(office: Office) -> None:
    assert converted(office, docx(padding=700 << 20)) == ("failed", "too_large")
    assert converted(office, b"PK\x03\x04 nothing more") == ("failed", "damaged")
    assert converted(office, b"<html><script>1</script></html>") == ("failed", "not_a_document")
    assert converted(office, docx()[:400]) == ("failed", "damaged")


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


def inside(job: Path, code: str, limits: Limits | None = None) -> tuple[int, str]:
    """Run Python CODE behind the walls; its exit code and what it said."""
    ended = run_inside(job, ["/usr/bin/python3", "-I", "-c", code], limits or Limits())
    return ended.code, ended.said


def test_behind_the_walls_there_is_no_network_and_nothing_of_the_machine(job: Path) -> None:
    code, said = inside(
        job, "import os; print(sorted(os.listdir('/')), os.listdir('/etc'), os.listdir('/proc/self/fd'))"
    )
    assert code == 0, said
    assert "home" not in said
    assert "passwd" not in said
    code, said = inside(job, "import socket; socket.socket(socket.AF_INET)")
    assert "PermissionError" in said
    code, said = inside(job, "import os; print(len([p for p in os.listdir('/proc') if p.isdigit()]))")
    assert int(said) < 5  # none of the machine's processes


def test_what_takes_too_much_is_ended(job: Path) -> None:
    begun = time.monotonic()
    code, _ = inside(job, "import time; time.sleep(60)", Limits(wall_seconds=1))
    assert code == -1
    assert time.monotonic() - begun < 10
    code, said = inside(job, "x = bytearray(2_000_000_000)", Limits(memory_bytes=500_000_000))
    assert "MemoryError" in said
    code, said = inside(job, "open('/job/x', 'wb').write(bytes(9_000_000))", Limits(file_bytes=1_000_000))
    assert code != 0
    code, said = inside(job, "open('/tmp/x', 'wb').write(bytes(9_000_000))", Limits(scratch_bytes=1_000_000))
    assert "No space" in said


def test_the_kernel_refuses_what_no_document_needs(job: Path) -> None:
    call = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); libc.{}; print(ctypes.get_errno())"
    for name in ("unshare(0x10000000)", "ptrace(0, 0, 0, 0)", "keyctl(0, 0)"):
        code, said = inside(
            job, call.format(name) if "keyctl" not in name else call.format("syscall(250, 0, 0)")
        )
        assert (code, said) == (0, "1"), name


def test_where_it_can_not_be_confined_nothing_is_converted(tmp_path: Path) -> None:
    with pytest.raises(NotConverted):
        Converter(tmp_path / "office", Limits(wall_seconds=0.01)).make_ready()
