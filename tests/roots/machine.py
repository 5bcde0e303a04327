"""What this machine knows about fetching packages, carried into a fresh root at run time.

Nothing of it is written down in the project: a root fetches from wherever the machine that made it does.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCES = (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d"))
CERTIFICATES = Path("/usr/local/share/ca-certificates")
NAMES = re.compile(r"PIP_|npm_config_|.*_proxy$|.*_PROXY$|SSL_CERT|REQUESTS_CA|CURL_CA|NODE_EXTRA_CA")
# What apt was told about reaching its sources; the rest of its settings belongs to the machine.
ACQUIRE = re.compile(r"Acquire::(https?::|ftp::|Retries|Check-)")
PLACE = re.compile(r"(?:^|[\s='\"]|file://)(/[^\s'\"]+)")


class NoSources(Exception):
    """This machine's apt has no source of Debian to make a root from."""


def codename() -> str:
    """`bookworm`, of this machine."""
    text = Path("/etc/os-release").read_text("utf-8")
    found = re.search(r"^VERSION_CODENAME=(\S+)$", text, re.MULTILINE)
    return found[1] if found else ""


def sources_for(release: str) -> str:
    """The machine's own sources of its Debian, with RELEASE in place of its own (deb822).

    Raises NoSources.
    """
    own = codename()
    of_own = re.compile(rf"^Suites:.*\b{own}\b", re.MULTILINE)
    kept = [stanza for file in _source_files() for stanza in _stanzas(file) if of_own.search(stanza)]
    if not own or not kept:
        raise NoSources(f"no source of {own or 'this machine'} in {SOURCES[0]} and {SOURCES[1]}")
    return "\n".join(re.sub(rf"\b{own}\b", release, stanza) for stanza in kept)


def _source_files() -> list[tuple[str, str]]:
    files = [path for path in SOURCES if path.is_file()]
    files += sorted(path for path in SOURCES[1].glob("*") if path.suffix in (".list", ".sources"))
    return [(path.suffix, path.read_text("utf-8")) for path in files]


def _stanzas(file: tuple[str, str]) -> list[str]:
    """What one file of sources says, in the newer of apt's two forms."""
    suffix, text = file
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if suffix == ".sources":
        return [f"{part.strip()}\n" for part in re.split(r"\n\s*\n", "\n".join(lines)) if part.strip()]
    return [_converted(line) for line in lines if line.startswith("deb ")]


def _converted(line: str) -> str:
    """`deb [signed-by=…] URI SUITE COMPONENT…` as a stanza."""
    options = re.search(r"\[(.*?)\]", line)
    uri, suite, *components = re.sub(r"\[.*?\]", "", line).split()[1:]
    stanza = f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {' '.join(components)}\n"
    signed = re.search(r"signed-by=(\S+)", options[1]) if options else None
    return stanza + (f"Signed-By: {signed[1]}\n" if signed else "")


def apt_settings() -> str:
    """Proxies and the like, as apt reads them."""
    dump = ["apt-config", "dump", "--format", '%F "%v";%n', "Acquire"]
    said = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    return "".join(f"{line}\n" for line in said.splitlines() if ACQUIRE.match(line))


def environment() -> dict[str, str]:
    """The variables by which this machine tells pip, npm and the rest where to fetch and whom to trust."""
    return {name: value for name, value in os.environ.items() if NAMES.match(name)}


def copy_settings(root: Path) -> None:
    """Give ROOT the machine's settings of apt, pip and npm, the certificates it trusts and its names."""
    (root / "etc/apt/apt.conf.d/50machine").write_text(apt_settings(), "utf-8")
    for path in (Path("/etc/hosts"), Path("/etc/resolv.conf"), Path("/etc/pip.conf")):
        if path.is_file():
            shutil.copyfile(path, root / path.relative_to("/"))
    for name in (".npmrc", ".config/pip/pip.conf"):
        if (Path.home() / name).is_file():
            (root / "root" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path.home() / name, root / "root" / name)
    if CERTIFICATES.is_dir():
        shutil.copytree(CERTIFICATES, root / CERTIFICATES.relative_to("/"), dirs_exist_ok=True)


def package_folders() -> list[Path]:
    """The folders of this machine in which pip looks for packages."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    told = [said, *(value for name, value in os.environ.items() if name.startswith("PIP_"))]
    places = {Path(place) for text in told for place in PLACE.findall(text)}
    # an index on disk points to the files beside it
    return sorted(place.parent if place.name == "simple" else place for place in places if place.is_dir())
