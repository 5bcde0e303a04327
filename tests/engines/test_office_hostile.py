"""Documents that would do something when they are opened, and the same where they are let."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from casier.engines.office import converting
from casier.engines.office.converting import Converter, NotConverted
from casier.engines.office.kinds import KINDS
from casier.engines.office.sandbox import Ended, Limits, run_inside

DOCUMENTS = Path(__file__).parent / "data" / "office"
_LIBRARY = "http://openoffice.org/2000/library"
# Both ways leave a file where we look: written by Basic itself, and by a program that it starts.
BASIC = """Sub Main
Open "/job/out/written" For Output As #1
Print #1, "atteint"
Close #1
Shell "/bin/sh", 0, "-c 'echo atteint &gt; /job/out/started'", True
End Sub
"""
MACROS = {
    "Basic/script-lc.xml": f'<library:libraries xmlns:library="{_LIBRARY}"><library:library '
    'library:name="Standard" library:link="false"/></library:libraries>',
    "Basic/Standard/script-lb.xml": f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard" '
    'library:readonly="false"><library:element library:name="Module1"/></library:library>',
    "Basic/Standard/Module1.xml": '<script:module xmlns:script="http://openoffice.org/2000/script" '
    f'script:name="Module1" script:language="StarBasic">{BASIC}</script:module>',
}
EVENT = (
    '<script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:type="simple" '
    'xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document"/>'
)


def changed(name: str, changes: dict[str, tuple[str, str]], more: dict[str, str]) -> bytes:
    """The OpenDocument NAME with texts replaced in its files, and with MORE files."""
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="text/xml"/>' for path in more
    )
    changes = {**changes, "META-INF/manifest.xml": ("</manifest:manifest>", f"{listed}</manifest:manifest>")}
    out = io.BytesIO()
    with zipfile.ZipFile(DOCUMENTS / name) as source, zipfile.ZipFile(out, "w") as target:
        for path in source.namelist():
            content = source.read(path)
            if path in changes:
                before, after = changes[path]
                assert before.encode() in content, path
                content = content.replace(before.encode(), after.encode(), 1)
            target.writestr(path, content)
        for path, text in more.items():
            target.writestr(path, text)
    return out.getvalue()


def with_macros(name: str) -> bytes:
    """A document that starts its macro when it is opened."""
    scripts = f"<office:scripts><office:event-listeners>{EVENT}</office:event-listeners></office:scripts>"
    with zipfile.ZipFile(DOCUMENTS / name) as source:
        content = source.read("content.xml").decode()
    before = "<office:scripts/>" if "<office:scripts/>" in content else "<office:font-face-decls"
    after = scripts if before.endswith("/>") else scripts + before
    return changed(name, {"content.xml": (before, after)}, MACROS)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files that conversions leave beside the PDF."""
    found: set[str] = set()

    def looking(job: Path, command: list[str], limits: Limits) -> Ended:
        ended = run_inside(job, command, limits)
        if (job / "out").exists():
            found.update(path.name for path in (job / "out").iterdir())
        return ended

    monkeypatch.setattr(converting, "run_inside", looking)
    return found


def ready(folder: Path) -> Converter:
    folder.mkdir()
    converter = Converter(folder)
    converter.make_ready()
    return converter


@pytest.mark.parametrize("name", ["a.odt", "t.ods", "p.odp"])
def test_no_macro_runs_when_a_document_is_converted(tmp_path: Path, left: set[str], name: str) -> None:
    ready(tmp_path / "office").convert(KINDS[name.rpartition(".")[2]], with_macros(name))
    assert left == {"document.pdf"}


LET = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "0"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "false"),
)


@pytest.mark.parametrize(("choices", "runs"), [(converting._CHOICES, False), (LET, True)])
def test_our_settings_alone_keep_macros_from_running(
    tmp_path: Path,
    left: set[str],
    monkeypatch: pytest.MonkeyPatch,
    choices: tuple[tuple[str, str, str], ...],
    *,
    runs: bool,
) -> None:
    """Opened for somebody to work in, the same document runs its macro where it is let, not with ours."""
    monkeypatch.setattr(converting, "_CHOICES", choices)
    converter = ready(tmp_path / "office")
    monkeypatch.setattr(converting, "_command", lambda _: ["/job/document.odt"])
    wanted = {"written", "started"} if runs else set()
    for seconds in (8, 40) if runs else (8,):  # a busy machine takes its time to open it
        with pytest.raises(NotConverted):
            Converter(converter.folder, Limits(wall_seconds=seconds)).convert(
                KINDS["odt"], with_macros("a.odt")
            )
        if left == wanted:
            break
    assert left == wanted


def replaced(name: str, path: str, content: str) -> bytes:
    """The container NAME with CONTENT in the place of one of its files."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(DOCUMENTS / name) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            target.writestr(member, content if member == path else source.read(member))
    return out.getvalue()


def _laughing(root: str, body: str) -> str:
    """XML whose entities hold each other: a thousand million words when they are put in."""
    entities = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "mot ">{entities}]>{root}{body}'


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(f'xmlns:{name}="{_OFFICE}{name}:1.0"' for name in ("office", "text", "table"))
_CONTENT = f'<office:document-content {_SPACES} office:version="1.3"><office:body>'
_END = "</office:body></office:document-content>"
_ENDLESS = (
    '<office:spreadsheet><table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">'
    '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>a</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
)
_DEEP = "<text:section>" * 20_000 + "<text:p>a</text:p>" + "</text:section>" * 20_000
BOMBS = {
    "a table as large as a table can be": ("t.ods", _CONTENT + _ENDLESS + _END),
    "entities in entities": (
        "a.odt",
        _laughing(_CONTENT, f"<office:text><text:p>&e9;</text:p></office:text>{_END}"),
    ),
    "sections in sections": ("a.odt", f"{_CONTENT}<office:text>{_DEEP}</office:text>{_END}"),
    "an entity of the machine": (
        "a.odt",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"{_CONTENT}<office:text><text:p>&f;</text:p></office:text>{_END}",
    ),
    "no document at all": ("a.odt", "<html><script>1</script></html>"),
}
TOLD = {"too_slow", "too_much", "too_large", "damaged", "not_convertible"}


def outcome(folder: Path, kind: str, content: bytes) -> tuple[str, bytes]:
    """Why CONTENT isn't shown, or its pages."""
    converter = ready(folder)
    try:
        return "", Converter(converter.folder, Limits(wall_seconds=10)).convert(KINDS[kind], content)
    except NotConverted as refused:
        return refused.code, b""


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_document_that_becomes_a_large_one_ends_in_pages_or_words(tmp_path: Path, name: str) -> None:
    source, content = BOMBS[name]
    bomb = replaced(source, "content.xml", content)
    reason, pages = outcome(tmp_path / "office", source.rpartition(".")[2], bomb)
    assert reason in TOLD or pages.startswith(b"%PDF-")
    assert b"root:x" not in pages


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_begins_like_a_document_ends_in_words(tmp_path: Path, kind: str) -> None:
    """Whatever the family: its first signs, then nothing of it. Some become a page without a word on it."""
    reason, pages = outcome(tmp_path / "office", kind, KINDS[kind].magic + b"\x00\xffpiege" * 200)
    assert reason in TOLD or pages.startswith(b"%PDF-")
