"""One document to one PDF."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from casier.engines.office.kinds import Kind, refusal
from casier.engines.office.locked import is_locked
from casier.engines.office.sandbox import DEFAULT, TIME_OVER, Limits, run_inside

SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"
# Enough to read a report; a spreadsheet with a million rows has no end on paper.
PAGES = 100
# What it answers after it has made its profile (sal/osl, EXITHELPER_NORMAL_RESTART).
_AGAIN = 81
_STARTS = 3
# Ended by the kernel: at its limit of CPU, or where the machine's memory ran out (128 + SIGKILL, SIGXCPU).
_LIMITED = frozenset({137, 152})
# LibreOffice's own words about signals: SIGXCPU, SIGXFSZ.
_LIMITS_SAID = ("Signal 24\n", "Signal 25\n", "bad_alloc")
_NOT_LOADED = "source file could not be loaded"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>\n"
)
# No macro whoever signed it, no update of links, no recalculation that a file asks for, no file history.
_CHOICES = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Office.Common/History", "PickListSize", "0"),
    ("Office.Common/Misc", "FirstRun", "false"),
)


class NotConverted(Exception):
    """The document can't be shown; CODE says why: `too_slow`, `too_large`, `damaged`…"""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(f"{code} {said}".strip())
        self.code = code


@dataclass(frozen=True, slots=True)
class Converter:
    """Converts one after the other below FOLDER, which holds the profile that each run gets a copy of."""

    folder: Path
    limits: Limits = DEFAULT

    def make_ready(self) -> None:
        """Make the profile anew. Raises NotConverted where the walls or LibreOffice can't be started."""
        for name in ("profile", "job"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        job = self._new_job()
        job.mkdir(parents=True)
        (job / "profile" / "user").mkdir(parents=True)
        items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _CHOICES)
        (job / "profile" / "user" / "registrymodifications.xcu").write_text(
            _SETTINGS.format(items=items), "utf-8"
        )
        code, said = self._soffice(job, ["--terminate_after_init"])
        if code != 0:
            raise NotConverted("not_started", f"{code} {said}")
        (job / "profile").rename(self.folder / "profile")
        shutil.rmtree(job)

    def convert(self, kind: Kind, content: bytes) -> bytes:
        """CONTENT as PDF. Raises NotConverted."""
        if reason := refusal(kind, content):
            raise NotConverted(reason)
        job = self._new_job()
        shutil.rmtree(job, ignore_errors=True)
        try:
            shutil.copytree(self.folder / "profile", job / "profile")
            (job / "out").mkdir()
            (job / f"document.{kind.ending}").write_bytes(content)
            code, said = self._soffice(job, _command(kind))
            return _result(job / "out" / "document.pdf", code, said)
        except NotConverted as failure:
            # LibreOffice opens some documents whose password is known to all, and says nothing of others.
            raise NotConverted("encrypted", str(failure)) if is_locked(content) else failure from None
        finally:
            shutil.rmtree(job, ignore_errors=True)

    def _new_job(self) -> Path:
        return self.folder / "job"

    def _soffice(self, job: Path, words: list[str]) -> tuple[int, str]:
        fixed = [SOFFICE, "-env:UserInstallation=file:///job/profile", "--headless", "--invisible"]
        fixed += ["--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
        code, said = _AGAIN, ""
        for _ in range(_STARTS):
            code, said = run_inside(job, [*fixed, *words], self.limits)
            if code != _AGAIN:
                break
        return code, said


def _command(kind: Kind) -> list[str]:
    options = f'{{"PageRange":{{"type":"string","value":"1-{PAGES}"}}}}'
    target = f"pdf:{kind.family}_pdf_Export:{options}"
    return ["--convert-to", target, "--outdir", "/job/out", f"/job/document.{kind.ending}"]


def _result(path: Path, code: int, said: str) -> bytes:
    """What came out; a link in its place is nothing of ours."""
    if path.is_file() and not path.is_symlink():
        content = path.read_bytes()
        if content.startswith(b"%PDF-"):
            return content
    raise NotConverted(_why(code, said), f"{code} {said}")


def _why(code: int, said: str) -> str:
    """What LibreOffice's end tells. A crash tells nothing: the document, or too little memory."""
    if code == TIME_OVER:
        return "too_slow"
    if code in _LIMITED or any(sign in said for sign in _LIMITS_SAID):
        return "too_much"
    return "damaged" if _NOT_LOADED in said else "not_convertible"
