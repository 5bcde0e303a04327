"""Folders, what is done with them, and what stands beside them in their column."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from journeys.everywhere.bar_screens import folders
from journeys.everywhere.list_screens import tick
from journeys.everywhere.visit import FOLDERS, Opening, Screen, Visit, by_menu
from journeys.webmail import ROW


def empty_folder(v: Visit) -> None:
    waiting = ("En attente", "Waiting")
    there = v.page.locator(".folder-button", has_text=v.say(*waiting)).count()
    v.folder(*(waiting if there else ("Brouillons", "Drafts")))


def junk(v: Visit) -> None:
    v.folder("Indésirables", "Junk")
    v.page.locator(f"{ROW} .row-subject").first.click(position={"x": 4, "y": 4})
    expect(v.page.locator(".message-body").first).to_be_visible()


def trash_question(v: Visit) -> None:
    v.folder("Corbeille", "Trash")
    tick(v)
    v.page.locator("[data-act=destroy]").first.click()
    v.sheet()


def folder_menu(v: Visit) -> None:
    _own_folder(v).locator(".folder-menu button").click(force=True)
    expect(v.page.get_by_role("menu")).to_be_visible()


def _own_folder(v: Visit) -> Locator:
    folders(v)
    return v.page.locator(".folder", has_text="Circulaires").last


def new_folder(v: Visit) -> None:
    folders(v)
    v.button("Nouveau dossier", "New folder").last.click()
    v.sheet()


def label_editor(v: Visit) -> None:
    v.button("Gérer les étiquettes", "Manage labels").first.click()
    v.sheet()


def make_room(v: Visit) -> None:
    v.do("Faire de la place", "Make room")
    expect(v.sheet().locator(".cleaning-line, .empty, .cleaning-list").first).to_be_visible(timeout=20_000)


def _room_kind(number: int) -> Opening:
    def open_it(v: Visit) -> None:
        make_room(v)
        v.sheet().locator(".cleaning-kinds button").nth(number).click()

    return open_it


def shared_mailbox(v: Visit) -> None:
    folders(v)
    v.page.locator("section[aria-label*='Collège'] .folder-button").first.click()
    expect(v.page.locator(ROW).first.or_(v.page.locator(".empty-title").first).first).to_be_visible(
        timeout=15_000
    )


IN_FOLDERS = (
    Screen("empty-folder", empty_folder),
    Screen("junk", junk),
    Screen("trash-question", trash_question, ("screens/Confirm.tsx",), sheet=True),
    Screen("folder-menu", folder_menu),
    Screen("new-folder", new_folder, ("screens/folders/FolderDialog.tsx",), sheet=True),
    Screen("folder-name", by_menu(folder_menu, "Renommer", "Rename"), sheet=True),
    Screen(
        "folder-move",
        by_menu(folder_menu, "Déplacer le dossier", "Move folder"),
        ("screens/folders/FolderMoveDialog.tsx",),
        sheet=True,
    ),
    Screen("folder-question", by_menu(folder_menu, "Supprimer le dossier", "Delete folder"), sheet=True),
)
BESIDE_FOLDERS = (
    Screen("label-editor", label_editor, ("features/labels/EditorSheet.tsx",), least=FOLDERS, sheet=True),
    Screen("room", make_room, ("features/cleaning/CleaningSheet.tsx",), sheet=True),
    *(Screen(f"room-{number}", _room_kind(number)) for number in range(1, 5)),
    Screen("shared-mailbox", shared_mailbox),
)
