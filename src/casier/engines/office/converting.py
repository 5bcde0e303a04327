"""One document to one PDF."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from casier.engines.office.kinds import Kind, is_whole_and_heavy, refusal
from casier.engines.office.locked import is_locked
from casier.engines.office.sandbox import DEFAULT, TIME_OVER, Ended, Limits, run_inside

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
# What didn't get more memory fails in its own way; as near to the limit as this, that is why. A thread alone
# asks for nearly so much.
_NEAR_BYTES = 200_000_000
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
        ended = self._soffice(job, ["--terminate_after_init"])
        if ended.code != 0:
            raise NotConverted("not_started", f"{ended.code} {ended.said}")
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
            ended = self._soffice(job, _command(kind))
            return _result(job / "out" / "document.pdf", ended, self.limits)
        except NotConverted as failure:
            raise _rather(failure, content) from None
        finally:
            shutil.rmtree(job, ignore_errors=True)

    def _new_job(self) -> Path:
        return self.folder / "job"

    def _soffice(self, job: Path, words: list[str]) -> Ended:
        fixed = [SOFFICE, "-env:UserInstallation=file:///job/profile", "--headless", "--invisible"]
        fixed += ["--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
        ended = Ended(_AGAIN, "", 0)
        for _ in range(_STARTS):
            ended = run_inside(job, [*fixed, *words], self.limits)
            if ended.code != _AGAIN:
                break
        return ended


def _command(kind: Kind) -> list[str]:
    options = f'{{"PageRange":{{"type":"string","value":"1-{PAGES}"}}}}'
    target = f"pdf:{kind.family}_pdf_Export:{options}"
    return ["--convert-to", target, "--outdir", "/job/out", f"/job/document.{kind.ending}"]


def _result(path: Path, ended: Ended, limits: Limits) -> bytes:
    """What came out; a link in its place is nothing of ours."""
    if path.is_file() and not path.is_symlink():
        content = path.read_bytes()
        if content.startswith(b"%PDF-"):
            return content
    near = limits.memory_bytes - ended.peak_bytes < _NEAR_BYTES
    raise NotConverted(
        _why(ended, near_the_limit=near), f"{ended.code} {ended.peak_bytes >> 20} MB {ended.said}"
    )


def _why(ended: Ended, *, near_the_limit: bool) -> str:
    """What LibreOffice's end tells. A crash tells nothing: the document, unless memory was short."""
    if ended.code == TIME_OVER:
        return "too_slow"
    if ended.code in _LIMITED or near_the_limit or any(sign in ended.said for sign in _LIMITS_SAID):
        return "too_much"
    return "damaged" if _NOT_LOADED in ended.said else "not_convertible"


def _rather(failure: NotConverted, content: bytes) -> NotConverted:
    """What the document itself tells about FAILURE."""
    # LibreOffice opens some documents whose password is known to all, and says nothing of others.
    if is_locked(content):
        return NotConverted("encrypted", str(failure))
    # It doesn't load texts of a hundred million signs, whatever the memory; nothing is damaged there.
    if failure.code in {"damaged", "not_convertible"} and is_whole_and_heavy(content):
        return NotConverted("too_much", str(failure))
    return failure
