"""`./casier start`: from a folder to a platform that delivers mail, step by step.

Every step finds out by itself what is already done, so that a start killed anywhere is repaired by the next.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from casier.boot import lock
from casier.boot.databases import check_url
from casier.boot.layout import ensure_user, make_run_folders, open_instance
from casier.boot.owners import take_over
from casier.boot.platform_commands import CommandFailed, environment, run_module
from casier.boot.ports import check_ports
from casier.boot.progress import Progress
from casier.boot.readiness import check_ready
from casier.boot.release import install_release
from casier.boot.summary import print_summary
from casier.boot.versions import check_versions
from casier.boot.words import say
from casier.engines import tls
from casier.engines.engine import EngineError, Facts, NotReady
from casier.engines.office.engine import USER as OFFICE_USER
from casier.engines.parts import Part, parts_of
from casier.engines.postfix.engine import flush
from casier.engines.supervise import prelude
from casier.engines.supervise.apply import apply, install_all
from casier.engines.supervise.bringup import bring_up
from casier.engines.supervise.control import Control, NotRunning
from casier.engines.supervise.leftovers import end_leftovers
from casier.engines.supervise.programs import config_file, mark, program, supervisord_config
from casier.kernel.instance import Instance, InstanceError

# What a person is told in a line, without a trace of the program.
FAILURES = (CommandFailed, EngineError, InstanceError, NotReady, NotRunning)
STOP_SECONDS = 60.0
ANSWER_SECONDS = 10.0  # for who doesn't answer at all
READY_TRIES = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What `start` was asked."""

    root: Path
    checkout: Path
    port_offset: int | None = None
    database_url: str | None = None
    detach: bool = False
    demo: bool = True
    more: tuple[str, ...] = ()  # optional parts


class Interrupted(Exception):
    """Somebody asked for the end (Ctrl-C, TERM, the terminal was closed)."""


def run(options: Options, progress: Progress) -> int:
    """Start everything and return the exit code: in the foreground, once it has been stopped."""
    with _signals():
        try:
            descriptor = _take_lock(options.root)
        except lock.Taken as taken:
            progress.error(
                say(
                    f"Casier tourne déjà dans {options.root} (processus {taken.pid}). Voir ./casier status.",
                    f"Casier is already running in {options.root} (pid {taken.pid}). See ./casier status.",
                )
            )
            return 1
        except InstanceError as error:
            progress.error(str(error))
            return 1
        return _run_locked(options, progress, descriptor)


def _take_lock(root: Path) -> int:
    """Take the lock, from the supervisor of a start that was killed too: it is ended first. Raises Taken."""
    try:
        return lock.take(root)
    except lock.Taken as taken:
        if not lock.is_abandoned(taken):
            raise
    end_leftovers(Instance.load(root))
    lock.wait_until_free(root, STOP_SECONDS)
    return lock.take(root)


def _run_locked(options: Options, progress: Progress, descriptor: int) -> int:
    supervisor: subprocess.Popen[bytes] | None = None
    instance = None
    try:
        instance, parts = _prepare(options, progress)
        supervisor = launch_supervisor(instance, descriptor, with_parent=not options.detach)
        _bring_up(instance, parts, options, progress)
        print_summary(instance, progress, demo=options.demo, detached=options.detach)
        if options.detach:
            lock.sign(descriptor, supervisor.pid)
            return 0
        return _serve(instance, supervisor, progress)
    except (Interrupted, KeyboardInterrupt):
        with contextlib.suppress(OSError):  # the terminal may be gone
            progress.line("", say("Arrêt…", "Stopping…"), "")
        return _stop(instance, supervisor, 0)
    except FAILURES as error:
        progress.error(str(error))
        return _stop(instance, supervisor, 1)
    except BaseException:
        _stop(instance, supervisor, 1)
        raise


def _serve(instance: Instance, supervisor: subprocess.Popen[bytes], progress: Progress) -> int:
    """Wait until somebody stops the platform. A supervisor that was killed takes its parts with it."""
    if supervisor.wait() == 0:
        return 0
    end_leftovers(instance)
    progress.error(
        say(
            f"Le superviseur s’est arrêté (code {supervisor.returncode}) : tout a été arrêté.",
            f"The supervisor ended (code {supervisor.returncode}): everything was stopped.",
        )
    )
    return 1


def _prepare(options: Options, progress: Progress) -> tuple[Instance, list[Part]]:
    with progress.step(say("Dossier de l’instance", "Instance folder")) as details:
        ensure_user()
        if "office" in options.more or (options.root / "data" / "office").exists():
            ensure_user(OFFICE_USER)
        moved = take_over(options.root)
        if moved:
            details.append(
                say(f"{moved} fichiers rendus à leurs utilisateurs", f"{moved} files given to their users")
            )
        check_url(options.database_url or "")
        instance = open_instance(options.root, options.port_offset, options.database_url, options.more)
        ended = end_leftovers(instance)
        if ended:
            details.append(_left_over(ended))
        check_versions(instance)
        check_ports(instance)
    with progress.step(say("Copie du programme", "Copy of the program")):
        install_release(instance, options.checkout)
    parts = parts_of(instance)
    with progress.step(say("Base de données", "Database")):
        prepare_platform(instance)
    with progress.step(say("Configuration des moteurs", "Engines' configuration")) as details:
        details.extend(configure(instance, parts))
    return instance, parts


def prepare_platform(instance: Instance) -> None:
    """Bring the database to this version, gather static files, write the engines' facts."""
    if importlib.util.find_spec("casier.boot.prepare"):
        run_module(instance, "casier.boot.prepare")


def configure(instance: Instance, parts: Sequence[Part]) -> list[str]:
    """Before anything runs: folders, certificate, every engine's configuration. Return what changed."""
    facts = Facts.load(instance)
    make_run_folders(instance, parts)
    changed = ["tls"] if tls.ensure(instance.tls, certificate_names(facts)) else []
    for part in parts:
        if part.engine:
            part.load().prepare(instance)
    changed += install_all(instance, facts, parts)
    config = config_file(instance)
    config.parent.mkdir(exist_ok=True)
    config.write_text(supervisord_config(instance, [program(part, instance) for part in parts]), "utf-8")
    return changed


def certificate_names(facts: Facts) -> list[str]:
    """The web hosts, and for each mail domain the names that mail programs try."""
    mail = [
        f"{prefix}{domain}" for domain in facts.domains for prefix in ("", "imap.", "smtp.", "autoconfig.")
    ]
    return sorted({*facts.hosts, facts.public_host, *mail})


def launch_supervisor(instance: Instance, descriptor: int, *, with_parent: bool) -> subprocess.Popen[bytes]:
    """Start supervisord, which inherits the instance's lock; return once it answers. Raises EngineError."""
    arguments = [str(config_file(instance)), *(["--with-parent", str(os.getpid())] if with_parent else [])]
    with (instance.log / "supervise.out").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "casier.engines.supervise.daemon", *arguments],
            env={**environment(instance), prelude.PART_ENV: mark(instance, "supervise")},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[descriptor],
        )
    control, until = Control(instance), time.monotonic() + 20
    while True:
        try:
            control.pid()
            return process
        except NotRunning as error:
            if process.poll() is not None or time.monotonic() > until:
                said = (instance.log / "supervise.out").read_text("utf-8", "replace").strip()
                raise EngineError(f"supervisord: {said or error}") from error
        time.sleep(0.05)


def _bring_up(instance: Instance, parts: Sequence[Part], options: Options, progress: Progress) -> None:
    control = Control(instance)
    with progress.step(say("Démarrage des parties", "Starting the parts")):
        bring_up(instance, parts, control, progress.part)
    if options.demo:
        _load_demo(instance, parts, progress)
    with progress.step(say("Message d’essai", "Test message")) as details:
        delivered = prove_ready(instance)
        # What met parts that were down waits for its next try, which may be minutes away.
        with contextlib.suppress(NotReady):
            flush(instance)
        took = f"{delivered:.1f}"
        french = f"envoyé, analysé, distribué ({took.replace('.', ',')} s)"
        details.append(say(french, f"sent, scanned, delivered ({took} s)"))


def prove_ready(instance: Instance) -> float:
    """Send the test message; the first one may meet parts that are still waking up."""
    for remaining in reversed(range(READY_TRIES)):
        try:
            return check_ready(instance).seconds
        except NotReady:
            if not remaining:
                raise
            time.sleep(0.5)
    raise AssertionError  # unreachable: the last try returns or raises


def _load_demo(instance: Instance, parts: Sequence[Part], progress: Progress) -> None:
    if not importlib.util.find_spec("casier.demo.load"):
        return
    with progress.step(say("Données de démonstration", "Demonstration data")) as details:
        details.extend(run_module(instance, "casier.boot.prepare", "--demo").splitlines()[-1:])
        apply_facts(instance, parts)


def apply_facts(instance: Instance, parts: Sequence[Part]) -> list[str]:
    """Bring the running engines to what the directory says now: certificate, then configurations."""
    facts = Facts.load(instance)
    renewed = tls.ensure(instance.tls, certificate_names(facts))
    changed = apply(instance, facts, parts)
    if renewed:
        for part in parts:
            if part.name in ("nginx", "postfix") and part.name not in changed:
                part.load().reload(instance)
    return changed


def refresh(instance: Instance) -> list[str]:
    """`./casier apply`: bring the running engines to what the directory says. Return what changed."""
    run_module(instance, "casier.boot.prepare", "--facts")
    return apply_facts(instance, parts_of(instance))


def _stop(instance: Instance | None, supervisor: subprocess.Popen[bytes] | None, code: int) -> int:
    """End all, whatever state it is in; a second Ctrl-C doesn't leave half of it behind."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    if supervisor is not None and supervisor.poll() is None:
        supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervisor.wait(STOP_SECONDS)
    if instance is not None:
        end_leftovers(instance)
    return code


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    before = {name: signal.signal(name, interrupt) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def stop(root: Path, progress: Progress) -> int:
    """`./casier stop`: end the instance, and what is left of one that was killed. Return the exit code."""
    try:
        instance = Instance.load(root)
    except InstanceError as error:
        progress.error(str(error))
        return 1
    if lock.is_free(root):
        ended = end_leftovers(instance)
        details = [_left_over(ended)] if ended else []
        progress.line("", say("Casier ne tourne pas", "Casier is not running"), "", *details)
        return 0
    with progress.step(say("Arrêt", "Stopping")) as details:
        lock.wait_until_free(root, _ask_to_end(instance))
        ended = end_leftovers(instance)
        if ended:
            details.append(_left_over(ended))
    return 0


def _ask_to_end(instance: Instance) -> float:
    """Ask the supervisor, else the start that has none yet. Return how many seconds to give them."""
    try:
        Control(instance, timeout=ANSWER_SECONDS).shutdown()
        return STOP_SECONDS
    except NotRunning:
        pid = lock.holder(instance.root)
    if lock.is_abandoned(lock.Taken(pid)):
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return ANSWER_SECONDS


def _left_over(ended: int) -> str:
    return say(f"{ended} processus restants arrêtés", f"{ended} left-over processes ended")
