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
    with pytest.raises(NotConverted):
        Converter(converter.folder, Limits(wall_seconds=8)).convert(KINDS["odt"], with_macros("a.odt"))
    assert left == ({"written", "started"} if runs else set())
