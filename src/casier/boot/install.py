"""From a bare Debian to an environment that can run Casier. A script of the standard library, run as root.

Every step looks first, does only what is missing, and leaves its stamp last: killed anywhere, the next run
finds the step undone and does it again.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_MARK = "# Casier: only while it installs packages"

_ENGINES = (
    "cyrus-imapd",
    "cyrus-caldav",
    "cyrus-admin",
    "postfix",
    "rspamd",
    "redis-server",
    "libjemalloc2",  # comes with redis-server; Cyrus takes its memory from it too
    "clamav-daemon",
    "nginx-light",
    "libnginx-mod-mail",
    "libpango-1.0-0",  # letters and certificates (PDF)
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "python3-venv",
)
# What `start --with office` adds; the fonts have the measures of those that most documents are written with.
_OFFICE = (
    "libreoffice-writer-nogui",
    "libreoffice-calc-nogui",
    "libreoffice-impress-nogui",
    "bubblewrap",
    "fonts-liberation",
    "fonts-crosextra-carlito",
    "fonts-crosextra-caladea",
)
_TESTS = ("chromium", "postgresql", "isync", "curl", "openssl", "mmdebstrap", "shellcheck", *_OFFICE)
# Debian's names are Ubuntu 24.04's too, but for the browser, which is a snap there.
PACKAGES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("debian", "12"): (_ENGINES, _TESTS),
    ("debian", "13"): (_ENGINES, _TESTS),
    ("ubuntu", "24.04"): (_ENGINES, tuple(name for name in _TESTS if name != "chromium")),
}
# Casier runs the engines itself; Debian's own services for them would take their ports after a reboot.
UNITS = {
    "cyrus-imapd": ("cyrus-imapd",),
    "postfix": ("postfix",),
    "rspamd": ("rspamd",),
    "redis-server": ("redis-server",),
    "clamav-daemon": ("clamav-daemon",),
    "nginx-light": ("nginx",),
    "postgresql": ("postgresql",),  # for tests alone
}


# Locks that the commands run meanwhile hold too: npm and pip outlive a run that is killed.
_HELD: list[int] = []


class InstallError(Exception):
    """A step failed; the message says what it said."""


def say(french: str, english: str) -> str:
    """French, or English where the locale asks for it."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return english if locale.lower().startswith("en") else french


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """A line at the end of each step, in the look of the start that follows."""
    begun = time.monotonic()
    terminal = sys.stdout.isatty()
    if terminal:
        print(f"… {name}", end="\r", flush=True)
    yield
    took = f"{time.monotonic() - begun:.1f} s"
    print(f"✓ {name:<34} {took if say('', 'en') else took.replace('.', ','):>7}", flush=True)


def run(command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run COMMAND; return what it said. Raises InstallError with its last lines."""
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=_HELD,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise InstallError(f"{' '.join(command[:6])}…\n{said[-3000:]}")
    return said


# Debian packages ---------------------------------------------------------------------------------


def distribution() -> tuple[str, str]:
    """(`debian`, `12`), from os-release."""
    values = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text("utf-8").splitlines() if "=" in line
    )
    return values.get("ID", "").strip('"'), values.get("VERSION_ID", "").strip('"')


def wanted_packages(system: tuple[str, str], purpose: str) -> tuple[str, ...]:
    """What PURPOSE needs on SYSTEM. An unknown system is treated as the nearest that was tried."""
    engines, tests = PACKAGES.get(system, PACKAGES["debian", "12"])
    if purpose == "run":
        return ("python3-venv",)
    return (*engines, *tests) if purpose == "test" else engines


def missing(names: tuple[str, ...]) -> list[str]:
    """Those of NAMES that are not installed."""
    command = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *names]
    said = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    ).stdout.decode()
    installed = {line.split()[0] for line in said.splitlines() if line.endswith("install ok installed")}
    return [name for name in names if name not in installed]


def install_packages(purpose: str, *, office: bool = False) -> None:
    """Install what is missing; nothing that runs on the machine is started, stopped or reconfigured."""
    wanted = wanted_packages(distribution(), purpose)
    names = missing((*wanted, *_OFFICE) if office else wanted)
    if not names:
        forget_own_policy()
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "DEBIAN_PRIORITY": "critical"}
    with step(say(f"Paquets Debian ({len(names)})", f"Debian packages ({len(names)})")), no_service_starts():
        whole = configure_what_is_left(quiet)
        run(["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "update"], quiet)
        if "postfix" in names:
            keep_postfix_unconfigured()
        options = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confdef"]
        options += ["-o", "Dpkg::Options::=--force-confold", "--no-install-recommends"]
        if not whole:
            run(["apt-get", "-qq", "-y", *options, "--no-remove", "--fix-broken", "install"], quiet)
        run(["apt-get", "-qq", "-y", *options, "install", *names], quiet)
        disable_units(names)


def configure_what_is_left(environment: dict[str, str], tries: int = 150) -> bool:
    """Finish what a killed run left half done: apt goes on from nothing else. Whether all is whole now.

    An apt that outlived its killed run is waited for, TRIES times two seconds.
    """
    command = ["dpkg", "--configure", "-a", "--force-confdef", "--force-confold"]
    for _ in range(tries):
        try:
            run(command, {**environment, "LC_ALL": "C"})
            return True
        except InstallError as error:
            if "was locked by another process" not in str(error):
                return False
        time.sleep(2)
    return False


def keep_postfix_unconfigured() -> None:
    """Debian would otherwise make a system-wide main.cf from guesses."""
    answer = b"postfix postfix/main_mailer_type select No configuration\n"
    subprocess.run(["debconf-set-selections"], input=answer, check=False, stderr=subprocess.DEVNULL)


def disable_units(names: list[str]) -> None:
    """Keep Debian's services of the packages that were just installed from starting at the next boot."""
    if not shutil.which("systemctl"):
        return
    for unit in (unit for name in names for unit in UNITS.get(name, ())):
        # one by one: a unit that some release doesn't have keeps none of the others enabled
        subprocess.run(
            ["systemctl", "--quiet", "disable", unit],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )


@contextlib.contextmanager
def no_service_starts() -> Iterator[None]:
    """While packages are installed, answer 101 (forbidden) to whoever would start a service (invoke-rc.d(8)).

    A policy that the machine already has is left as it is; that of a killed run holds on, because an apt
    of that run may still be at work.
    """
    if POLICY.exists() and not is_own_policy():
        yield
        return
    POLICY.write_text(f"#!/bin/sh\n{POLICY_MARK}\nexit 101\n", "ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        forget_own_policy()


def is_own_policy() -> bool:
    """Whether the policy is Casier's, of this run or of one that was killed."""
    try:
        return POLICY_MARK in POLICY.read_text("utf-8", "replace")
    except FileNotFoundError:
        return False


def forget_own_policy() -> None:
    """Remove the policy file if it is ours: a killed run can't have done it."""
    if is_own_policy():
        POLICY.unlink(missing_ok=True)


# Python packages ---------------------------------------------------------------------------------

# What each purpose installs, and the stamps that say it is there; a wider lock holds the narrower ones.
LOCKS = {
    "run": ("run.lock", (".run", ".build", ".test")),
    "start": ("build.lock", (".build", ".test")),
    "test": ("test.lock", (".test",)),
}


def install_environment(folder: Path, purpose: str) -> None:
    """Make or complete the environment FOLDER from the lock, every file checked by its hash."""
    lock, stamps = LOCKS[purpose]
    if works(folder) and any((folder / stamp).exists() for stamp in stamps):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with step(say("Environnement Python", "Python environment")), only_one(folder.parent / ".lock"):
        if not works(folder):
            shutil.rmtree(folder, ignore_errors=True)
            run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
        options = ["--disable-pip-version-check", "--root-user-action=ignore", "--require-hashes"]
        run([*pip, *options, "-r", str(CHECKOUT / "requirements" / lock)], {"PYTHONNOUSERSITE": "1"})
        readable(folder)
        (folder / stamps[0]).touch()


def works(folder: Path) -> bool:
    """Whether FOLDER holds an environment whose Python and pip start; a half-made one doesn't."""
    python = folder / "bin" / "python"
    if not python.exists() or not (folder / "bin" / "pip").exists():
        return False
    done = subprocess.run(
        [str(python), "-c", "import pip"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def readable(folder: Path) -> None:
    """Let the parts' users read it, whatever the caller's umask."""
    subprocess.run(["chmod", "-R", "go+rX", str(folder.parent)], check=True)


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Wait until nobody else works on the same environment, what a killed run has left at work included."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _HELD.append(file.fileno())
        try:
            yield
        finally:
            _HELD.remove(file.fileno())


# The web client ----------------------------------------------------------------------------------

_NOT_SOURCE = {"node_modules", "dist", "coverage", ".vite"}


def build_web(environment: Path) -> None:
    """Build the web client where its sources changed, with the environment's own Node."""
    web = CHECKOUT / "web"
    if not (web / "package.json").exists():
        print(say("– pas de client web dans cette copie", "– no web client in this checkout"))
        return
    wanted, stamp = sources_hash(web), web / "dist" / ".sources"

    def is_built() -> bool:
        return stamp.exists() and stamp.read_text("ascii") == wanted

    if is_built():
        return
    with step(say("Client web", "Web client")), only_one(environment.parent / ".web.lock"):
        if is_built():  # by a start that was here first, and may be copying it now
            return
        install_node_packages(web, environment)
        stamp.unlink(missing_ok=True)
        npm(web, environment, "run", "build")
        (web / "dist").mkdir(exist_ok=True)
        stamp.write_text(wanted, "ascii")
        own(stamp, web)


def try_web(environment: Path) -> None:
    """Build it, or go on with the client that was built before, saying so. Raises InstallError."""
    try:
        build_web(environment)
    except InstallError as error:
        if not (CHECKOUT / "web" / "dist" / "index.html").exists():
            raise
        print(f"✗ {say('Client web', 'Web client')} : {error}", file=sys.stderr)


def install_node_packages(web: Path, environment: Path) -> None:
    """`npm ci` where the lock file changed since the last one that ended well."""
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".casier-lock"
    if not stamp.exists() or stamp.read_text("ascii") != wanted:
        npm(web, environment, "ci", "--no-audit", "--no-fund")
        stamp.write_text(wanted, "ascii")
        own(stamp, web)


def npm(web: Path, environment: Path, *arguments: str) -> None:
    """Run npm in WEB as the checkout's owner, so that they can go on working there."""
    owner = web.stat()
    as_owner = []
    home = str(Path.home())
    if owner.st_uid != os.geteuid():
        as_owner = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
        home = pwd.getpwuid(owner.st_uid).pw_dir
    path = f"{environment / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    run(
        [*as_owner, str(environment / "bin" / "npm"), *arguments],
        {"PATH": path, "HOME": home, "CI": "1"},
        web,
    )


def own(path: Path, like: Path) -> None:
    """Give PATH the owner of LIKE."""
    state = like.stat()
    os.chown(path, state.st_uid, state.st_gid)


def sources_hash(web: Path) -> str:
    """What tells two states of the client's sources apart."""
    found = hashlib.sha256()
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - _NOT_SOURCE)
        for name in sorted(files):
            path = Path(folder) / name
            found.update(f"{path.relative_to(web)}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def main() -> int:
    """Install what `--for` names; return the exit code."""
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--environment", type=Path, required=True)
    parser.add_argument("--for", dest="purpose", choices=sorted(LOCKS), required=True)
    parser.add_argument("--with", dest="more", action="append", default=[])
    # The rest of what `start` was asked is not for this script.
    options, _ = parser.parse_known_args()
    os.umask(0o022)
    try:
        install_packages(options.purpose, office="office" in options.more)
        install_environment(options.environment, options.purpose)
        if options.purpose != "run":
            try_web(options.environment)
    except InstallError as error:
        print(f"\n{say('L’installation a échoué', 'The installation failed')} : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
