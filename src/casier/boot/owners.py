"""An instance from another machine: its files belong to the numbers that the engines' users had there.

Debian numbers its users in the order in which packages are installed, so the same user has another number on
nearly every machine. Whose a file is follows from the folder it lies in; what is root's stays root's.
"""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The user of each folder below `data/` and `etc/`.
USERS = {
    "clamav": "clamav",
    "cyrus": "cyrus",
    "links": "casier",
    "nginx": "www-data",
    "office": "casier-office",
    "platform": "casier",
    "postfix": "postfix",
    "redis": "redis",
    "rspamd": "_rspamd",
    "transfer": "casier",
}
# Where it isn't the user's own: nginx serves these files.
GROUPS = {"links": "www-data", "transfer": "www-data"}
# Postfix's two folders that its set-group-id programs write into.
_POSTDROP = {"queue/maildrop": "postdrop", "queue/public": "postdrop"}
_EVIDENCE_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Owner:
    """The numbers that a tree should have; `groups` are those of single folders in it."""

    uid: int
    gid: int
    groups: dict[str, int]

    def wanted(self, state: os.stat_result, name: str) -> tuple[int, int]:
        """What a file called NAME in the tree should have: root's stays, anybody else's is the owner's."""
        group = self.groups.get(name, self.gid)
        return (self.uid if state.st_uid else 0, group if state.st_gid else 0)


def take_over(root: Path) -> int:
    """Give the instance in ROOT to this machine's users; return how many files changed hands.

    Nothing deep is read where the upper folders have the right numbers. They are changed last, so that a run
    that was killed is done again.
    """
    return sum(_take_over_tree(tree, owner) for tree, owner in _trees(root) if _is_foreign(tree, owner))


def _trees(root: Path) -> Iterator[tuple[Path, Owner]]:
    users = {f"{top}/{name}": user for top in ("data", "etc") for name, user in USERS.items()}
    users |= dict.fromkeys(("secrets", "log", "app/static", "instance.toml"), "casier")
    for name, user in users.items():
        if (root / name).exists():
            yield root / name, _owner(user, GROUPS.get(name.removeprefix("data/"), ""))


def _owner(user: str, group: str = "") -> Owner:
    account = pwd.getpwnam(user)
    special = _POSTDROP if user == "postfix" else {}
    groups = {path: grp.getgrnam(name).gr_gid for path, name in special.items()}
    return Owner(account.pw_uid, grp.getgrnam(group).gr_gid if group else account.pw_gid, groups)


def _is_foreign(tree: Path, owner: Owner) -> bool:
    """Whether the upper folders of TREE show another number than OWNER's."""
    return any(_differs(path, tree, owner) for path in _upper(tree, _EVIDENCE_DEPTH))


def _upper(path: Path, depth: int) -> Iterator[Path]:
    yield path
    if depth and path.is_dir() and not path.is_symlink():
        for entry in path.iterdir():
            yield from _upper(entry, depth - 1)


def _differs(path: Path, tree: Path, owner: Owner) -> bool:
    state = path.lstat()
    return (state.st_uid, state.st_gid) != owner.wanted(state, str(path.relative_to(tree)))


def _take_over_tree(tree: Path, owner: Owner) -> int:
    """Change TREE from its leaves to its top, never through a symbolic link: others may write in it."""
    changed = 0
    for folder, folders, files, descriptor in os.fwalk(tree, topdown=False):
        for name in (*files, *folders):
            within = str(Path(folder, name).relative_to(tree))
            changed += _give(name, within, owner, descriptor)
    return changed + _give(str(tree), ".", owner)


def _give(path: str, within: str, owner: Owner, folder: int | None = None) -> int:
    """Give PATH (seen from FOLDER) to OWNER where it isn't theirs; 1 where that changed it, else 0."""
    state = os.stat(path, dir_fd=folder, follow_symlinks=False)
    wanted = owner.wanted(state, within)
    if (state.st_uid, state.st_gid) == wanted:
        return 0
    os.chown(path, *wanted, dir_fd=folder, follow_symlinks=False)
    return 1
