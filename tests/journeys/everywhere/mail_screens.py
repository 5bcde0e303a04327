"""The mail page: list, conversation, sheets, menus, settings."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import expect

from journeys.everywhere.content import ANSWERED, DOUBTFUL, SAFETY, announce
from journeys.everywhere.visit import FOLDERS, Screen, Visit
from journeys.webmail import ROW


def the_list(v: Visit) -> None:
    expect(v.page.locator(ROW).first).to_be_visible()


def a_row(v: Visit) -> None:
    v.page.locator(f"{ROW}[tabindex='0']").first.focus()


def _tick(v: Visit) -> None:
    """Rows are drawn anew when the server's answer comes: a press in between reaches nothing."""
    v.page.locator(f"{ROW} input").first.click(force=True)
    expect(v.page.locator(".selection-bar")).to_be_visible()


def a_selection(v: Visit) -> None:
    _tick(v)


def selection_menu(v: Visit) -> None:
    a_selection(v)
    v.page.locator(".selection-bar .menu-anchor button").click()


def unread_only(v: Visit) -> None:
    v.button("Non lus", "Unread").first.click()
    expect(v.button("Non lus", "Unread").first).to_have_attribute("aria-pressed", "true")


def account_menu(v: Visit) -> None:
    v.page.locator(".account-button").click()
    expect(v.page.get_by_role("menu")).to_be_visible()


def drawer(v: Visit) -> None:
    v.page.locator(".topbar-start button").first.click()
    v.sheet()


def suggestions(v: Visit) -> None:
    v.page.keyboard.press("/")
    v.page.keyboard.type(v.say("de:nath", "from:nath"))
    expect(v.page.locator(".suggestion").first).to_be_visible()


def _search(v: Visit, text: str) -> None:
    v.page.keyboard.press("/")
    v.page.keyboard.type(text)
    v.page.keyboard.press("Enter")
    expect(v.page.locator(".chips")).to_be_visible()


def results(v: Visit) -> None:
    _search(v, v.say("de:correspondante musée", "from:correspondante musée"))
    expect(v.page.locator(ROW).first).to_be_visible(timeout=15_000)


def no_result(v: Visit) -> None:
    _search(v, "introuvablement")
    expect(v.page.locator(".empty-title").first).to_be_visible(timeout=15_000)


def chip_edited(v: Visit) -> None:
    results(v)
    v.page.locator(".chip-word").first.click()
    expect(v.page.locator(".chip-field")).to_be_focused()


def search_form(v: Visit) -> None:
    v.do("Recherche détaillée", "Detailed search")
    v.sheet()


def keep_search(v: Visit) -> None:
    results(v)
    v.button("Garder cette recherche", "Save this search").click()
    v.sheet()


def kept_searches(v: Visit) -> None:
    v.button("Gérer les recherches gardées", "Manage saved searches").click()
    v.sheet()


def palette(v: Visit) -> None:
    v.page.keyboard.press("Control+k")
    v.sheet()


def palette_typed(v: Visit) -> None:
    palette(v)
    v.page.keyboard.type("mar")
    expect(v.page.locator(".palette-line").first).to_be_visible()


def keys(v: Visit) -> None:
    v.page.keyboard.press("?")
    v.sheet()


def announcements(v: Visit) -> None:
    for made in announce(v.instance, v.person["academy"]):
        v.after.append(partial(v.instance.casier, "announce", "withdraw", made))
    expect(v.page.locator(".announcement").first).to_be_visible(timeout=10_000)


def bell(v: Visit) -> None:
    v.page.get_by_role("button", name=re.compile("^Notifications")).first.click()
    expect(v.page.locator(".bell-panel")).to_be_visible()


def empty_folder(v: Visit) -> None:
    v.folder("En attente", "Waiting") if v.page.locator(
        ".folder-button", has_text=v.say("En attente", "Waiting")
    ).count() else v.folder("Brouillons", "Drafts")


def junk(v: Visit) -> None:
    v.folder("Indésirables", "Junk")
    v.page.locator(f"{ROW} .row-subject").first.click(position={"x": 4, "y": 4})
    expect(v.page.locator(".message-body").first).to_be_visible()


def trash_question(v: Visit) -> None:
    v.folder("Corbeille", "Trash")
    _tick(v)
    v.page.locator("[data-act=destroy]").first.click()
    v.sheet()


def folder_menu(v: Visit) -> None:
    _own_folder(v).locator(".folder-menu button").click(force=True)
    expect(v.page.get_by_role("menu")).to_be_visible()


def _own_folder(v: Visit):  # type: ignore[no-untyped-def]
    if not v.wide:
        drawer(v)
    return v.page.locator(".folder", has_text="Circulaires").last


def _in_folder_menu(french: str, english: str):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        folder_menu(v)
        v.line(french, english).click()
        v.sheet()

    return open_it


def new_folder(v: Visit) -> None:
    if not v.wide:
        drawer(v)
    v.button("Nouveau dossier", "New folder").last.click()
    v.sheet()


def a_conversation(v: Visit) -> None:
    v.open(ANSWERED)


def all_its_details(v: Visit) -> None:
    v.open(ANSWERED)
    v.page.locator(".message-to").last.click()
    expect(v.page.locator(".message-details").first).to_be_visible()


def a_page_in_a_message(v: Visit) -> None:
    v.open(SAFETY)
    expect(v.page.locator(".banner").first).to_be_visible()


def a_doubtful_link(v: Visit) -> None:
    v.open(DOUBTFUL)


def message_menu(v: Visit) -> None:
    v.open(SAFETY)
    v.page.locator(".message-acts .menu-anchor button").last.click()
    expect(v.page.get_by_role("menu")).to_be_visible()


def _in_message_menu(french: str, english: str):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        message_menu(v)
        v.line(french, english).click()
        v.sheet()

    return open_it


def conversation_menu(v: Visit) -> None:
    v.open(SAFETY)
    v.page.locator(".reading-acts .menu-anchor button").last.click()
    expect(v.page.get_by_role("menu")).to_be_visible()


def _by_key(key: str):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        v.open(SAFETY)
        v.page.keyboard.press(key)
        v.sheet()

    return open_it


def put_off_to_a_moment(v: Visit) -> None:
    _by_key("b")(v)
    v.sheet().locator("button, summary").filter(has_text=re.compile(v.say("Choisir", "Choose"))).first.click()


def done(v: Visit) -> None:
    v.open(SAFETY)
    v.page.keyboard.press("s")
    v.page.keyboard.press("s")
    expect(v.page.locator(".toast").first).to_be_visible()


def make_room(v: Visit) -> None:
    v.do("Faire de la place", "Make room")
    expect(v.sheet().locator(".cleaning-line, .empty, .cleaning-list").first).to_be_visible(timeout=20_000)


def _room_kind(number: int):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        make_room(v)
        v.sheet().locator(".cleaning-kinds button").nth(number).click()

    return open_it


def shared_mailbox(v: Visit) -> None:
    if not v.wide:
        drawer(v)
    v.page.locator("section[aria-label*='Collège'] .folder-button").first.click()
    expect(v.page.locator(ROW).first.or_(v.page.locator(".empty-title").first).first).to_be_visible(
        timeout=15_000
    )


def _sheet_of(french: str, english: str):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        v.do(french, english)
        v.sheet()

    return open_it


def settings(v: Visit) -> None:
    v.do("Réglages", "Settings")
    v.sheet()


def settings_part(french: str, english: str, least: int = 0):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        settings(v)
        v.sheet().locator(".settings-names button").filter(
            has_text=re.compile(f"^{re.escape(v.say(french, english))}$")
        ).click()
        expect(v.sheet().locator(".settings-part")).to_be_visible()
        expect(v.sheet().get_by_text(re.compile("^(Chargement|Loading)"))).to_have_count(0, timeout=15_000)

    return open_it


def _in_part(part, french: str, english: str):  # type: ignore[no-untyped-def]
    def open_it(v: Visit) -> None:
        part(v)
        v.button(french, english, v.sheet()).first.click()

    return open_it


def refused(v: Visit) -> None:
    v.page.route(
        "**/jmap/**",
        lambda route: route.fulfill(
            status=503,
            content_type="application/problem+json",
            body='{"type":"unavailable","title":"","detail":"","status":503,"reference":"R-0"}',
        ),
    )
    v.page.keyboard.press("j")
    v.page.keyboard.press("s")
    expect(v.page.locator(".status-line")).to_be_visible(timeout=15_000)


def cannot_open(v: Visit) -> None:
    v.page.route(
        "**/jmap/**",
        lambda route: route.fulfill(
            status=503,
            content_type="application/problem+json",
            body='{"type":"unavailable","title":"","detail":"","status":503,"reference":"R-0"}',
        ),
    )
    v.page.reload()
    expect(v.page.locator("h1")).to_be_visible(timeout=15_000)


def signed_out(v: Visit) -> None:
    """The session is over and the page doesn't know yet. The next screen signs in again."""
    kept = v.page.context.cookies()
    v.after.append(lambda: v.page.context.add_cookies(kept))  # type: ignore[arg-type]
    v.page.context.clear_cookies(name="__Host-casier")
    v.page.keyboard.press("j")
    v.page.keyboard.press("s")
    over = v.page.locator(".status-warning, .page-message, #identifiant")
    expect(over.first).to_be_visible(timeout=15_000)


FILTERS = settings_part("Filtres", "Filters")
WRITING = settings_part("Rédaction et signatures", "Writing and signatures")
LABELS = settings_part("Étiquettes", "Labels")
TEMPLATES = settings_part("Modèles", "Templates")
LINKS = settings_part("Mes liens", "My links")

MAIL = (
    Screen("list", the_list),
    Screen("row", a_row),
    Screen("selection", a_selection),
    Screen("selection-menu", selection_menu),
    Screen("unread-only", unread_only),
    Screen("account-menu", account_menu),
    Screen("folders", drawer, ("screens/shell/Drawer.tsx",), below=FOLDERS, sheet=True),
    Screen("suggestions", suggestions),
    Screen("results", results),
    Screen("no-result", no_result),
    Screen("chip-edited", chip_edited),
    Screen("search-form", search_form, ("features/search/SearchForm.tsx",), sheet=True),
    Screen("keep-search", keep_search, ("features/search/SaveSearch.tsx",), sheet=True),
    Screen("kept-searches", kept_searches, ("features/search/SavedSearches.tsx",), least=FOLDERS, sheet=True),
    Screen("palette", palette, ("features/palette/Palette.tsx",), sheet=True),
    Screen("palette-typed", palette_typed),
    Screen("keys", keys, ("screens/settings/HelpDialog.tsx",), sheet=True),
    Screen("announcements", announcements),
    Screen("bell", bell, ("features/notifications/Bell.tsx",), sheet=True),
    Screen("empty-folder", empty_folder),
    Screen("junk", junk),
    Screen("trash-question", trash_question, ("screens/Confirm.tsx",), sheet=True),
    Screen("folder-menu", folder_menu),
    Screen("new-folder", new_folder, ("screens/folders/FolderDialog.tsx",), sheet=True),
    Screen("folder-name", _in_folder_menu("Renommer", "Rename"), sheet=True),
    Screen(
        "folder-move",
        _in_folder_menu("Déplacer le dossier", "Move folder"),
        ("screens/folders/FolderMoveDialog.tsx",),
        sheet=True,
    ),
    Screen("folder-question", _in_folder_menu("Supprimer le dossier", "Delete folder"), sheet=True),
    Screen("conversation", a_conversation),
    Screen("details", all_its_details),
    Screen("html-message", a_page_in_a_message),
    Screen("doubtful-message", a_doubtful_link),
    Screen("message-menu", message_menu),
    Screen(
        "source",
        _in_message_menu("Afficher le texte d’origine", "Show the original text"),
        ("screens/reading/SourceDialog.tsx",),
        sheet=True,
    ),
    Screen(
        "rule-from-message",
        _in_message_menu("Créer un filtre à partir", "Create a filter from"),
        ("features/filters/RuleSheet.tsx",),
        sheet=True,
    ),
    Screen("conversation-menu", conversation_menu),
    Screen("move", _by_key("v"), ("screens/MoveButton.tsx",), sheet=True),
    Screen("label", _by_key("l"), ("features/labels/Picker.tsx",), sheet=True),
    Screen("put-off", _by_key("b"), ("features/followup/LaterSheet.tsx",), sheet=True),
    Screen("done", done),
    Screen(
        "label-editor",
        lambda v: (v.button("Gérer les étiquettes", "Manage labels").first.click(), v.sheet()),
        ("features/labels/EditorSheet.tsx",),
        least=FOLDERS,
        sheet=True,
    ),
    Screen("room", make_room, ("features/cleaning/CleaningSheet.tsx",), sheet=True),
    *(Screen(f"room-{number}", _room_kind(number)) for number in range(1, 5)),
    Screen("shared-mailbox", shared_mailbox),
    Screen("settings", settings, ("screens/settings/SettingsDialog.tsx",), sheet=True),
    Screen("filters", FILTERS),
    Screen("new-rule", _in_part(FILTERS, "Nouvelle règle", "New rule")),
    Screen("absence", settings_part("Absence", "Absence")),
    Screen("writing", WRITING),
    Screen("labels", LABELS),
    Screen("images", settings_part("Images distantes", "Remote images")),
    Screen("alerts", settings_part("Notifications", "Notifications")),
    Screen("templates", TEMPLATES),
    Screen(
        "new-template",
        _in_part(TEMPLATES, "Nouveau modèle", "New template"),
        ("features/templates/TemplateDialog.tsx",),
    ),
    Screen("links", LINKS),
    Screen("delegation", settings_part("Délégation", "Delegation")),
    Screen("device", settings_part("Cet appareil", "This device")),
    Screen("offline", settings_part("Hors ligne", "Offline")),
    Screen("deleted-messages", settings_part("Messages supprimés", "Deleted messages")),
    Screen("transfer-part", settings_part("Importer, exporter", "Import, export")),
    Screen(
        "restore",
        _sheet_of("Retrouver des messages supprimés", "Find deleted messages"),
        ("features/restore/RestoreSheet.tsx",),
        sheet=True,
    ),
    Screen(
        "transfer",
        _sheet_of("Importer, exporter", "Import, export"),
        ("features/transfer/TransferSheet.tsx",),
        sheet=True,
    ),
    Screen("refused", refused),
    Screen("cannot-open", cannot_open),
    Screen("signed-out", signed_out),
)
