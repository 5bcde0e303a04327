"""Run by the platform's user: it reads the whole program once, then runs each command line in a child.

Its one argument is the number of the socket on which command lines come, each with what is to be its standard
input, output and errors, and a socket for its exit code.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback

ORDERS = 1 << 16


def read_everything() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django

    from casier.boot import content

    django.setup()
    for group in content.CONTENT:
        if group.present:
            importlib.import_module(group.module)
    gc.collect()
    gc.freeze()  # a child that tidies up would copy all of it


def run(words: list[str]) -> int:
    """The exit code that Python would end with."""
    from casier.boot import cli

    sys.argv = ["casier", *words]
    try:
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def child(words: list[str], files: list[int]) -> None:
    """One command, from its streams to its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
        os.close(file)
    code = run(words)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(files[3], b"%d\n" % code)


def main() -> None:
    read_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for children
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        while True:
            line, files, _, _ = socket.recv_fds(orders, ORDERS, 4, socket.MSG_CMSG_CLOEXEC)
            if not line:
                return
            if os.fork() == 0:
                orders.close()
                try:
                    child(json.loads(line), files)
                finally:
                    os._exit(0)
            for file in files:
                os.close(file)


if __name__ == "__main__":
    main()
