"""The composer and what opens inside it; the files of a message over the page."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Locator, expect

from journeys import preview_files as files
from journeys.everywhere.content import ANSWERED, FILES
from journeys.everywhere.settings_screens import LINKS
from journeys.everywhere.visit import Opening, Screen, Visit, by_menu

OUTSIDE = "parent.nouveau@famille.example"


def blank(v: Visit) -> None:
    v.compose()


def address(composer: Locator, to: str) -> None:
    field = composer.locator(".recipients input").first
    field.fill(to)
    field.press("Enter")


def subject_of(composer: Locator) -> Locator:
    return composer.locator(".compose-subject")


def written(v: Visit) -> Locator:
    composer = v.compose()
    address(composer, OUTSIDE)
    address(composer, "genevieve.poulain@ac-amiens.fr")
    for name in ("Cc", v.say("Cci", "Bcc")):
        composer.locator(".compose-more button").filter(has_text=name).first.click()
    subject_of(composer).fill(v.say("Réunion de rentrée des équipes", "Meeting of the teams"))
    composer.locator(".editor-text").press_sequentially("Bonjour,")
    return composer


def full(v: Visit) -> None:
    written(v)


def suggested(v: Visit) -> None:
    composer = v.compose()
    composer.locator(".recipients input").first.press_sequentially("mar")
    expect(composer.locator(".suggestion").first).to_be_visible()


def wrong_address(v: Visit) -> None:
    composer = v.compose()
    address(composer, "pas une adresse")
    v.page.keyboard.press("Control+Enter")
    expect(composer.locator(".field-error").first).to_be_visible()


def wide(v: Visit) -> None:
    written(v).locator(".composer-enlarge").click()


def minimised(v: Visit) -> None:
    written(v).locator(".composer-minimise").click()
    expect(v.page.locator(".composer-small").first).to_be_visible()


def two(v: Visit) -> None:
    written(v).locator(".composer-minimise").click()
    v.page.locator("#search").blur()
    v.page.keyboard.press("c")
    expect(v.page.locator(".composer").nth(1)).to_be_visible()


def _options(composer: Locator) -> None:
    composer.locator(".composer-foot .menu-anchor button").last.click()


def options(v: Visit) -> None:
    _options(v.compose())
    expect(v.page.get_by_role("menu")).to_be_visible()


def chosen_options(v: Visit) -> None:
    composer = v.compose()
    for line in (0, 3):  # high importance, a receipt
        _options(composer)
        v.page.locator(":popover-open [role^=menuitem]").nth(line).click()
    expect(composer.locator(".chosen-option")).to_have_count(2)


def plain_question(v: Visit) -> None:
    composer = v.compose()
    composer.locator(".editor-text").press_sequentially("Gras")
    v.page.keyboard.press("Control+a")
    v.page.keyboard.press("Control+b")
    _options(composer)
    v.page.locator(":popover-open [role^=menuitem]").last.click()
    v.sheet()


def plain_text(v: Visit) -> None:
    _options(v.compose())
    v.page.locator(":popover-open [role^=menuitem]").last.click()
    expect(v.page.locator(".composer textarea").first).to_be_visible()


def later_menu(v: Visit) -> None:
    v.compose().locator("[data-act=send-later]").click()
    expect(v.page.get_by_role("menu")).to_be_visible()


def templates_menu(v: Visit) -> None:
    v.compose().locator("[data-act=templates]").click()
    expect(v.page.locator(":popover-open").get_by_text("Convocation")).to_be_visible()


def keep_template(v: Visit) -> None:
    written(v).locator("[data-act=templates]").click()
    v.line("Garder ce message", "Keep this message").click()
    v.sheet()


def _ways_to_attach(v: Visit, composer: Locator) -> None:
    v.button("Autres façons de joindre", "Other ways to attach", composer).click()


def attach_menu(v: Visit) -> None:
    _ways_to_attach(v, v.compose())
    expect(v.page.get_by_role("menu")).to_be_visible()


def by_link(v: Visit, composer: Locator) -> Locator:
    """A file sent by link; where the text names it."""
    name = v.say("Envoyer un fichier par lien sécurisé", "Send a file by secured link")
    composer.locator(f'input[type=file][aria-label="{name}"]').set_input_files(
        {"name": "bulletins.txt", "mimeType": "text/plain", "buffer": b"Bulletins du trimestre"}
    )
    link = composer.locator('.editor-text a[href*="/lien/"]').first
    expect(link).to_be_visible(timeout=60_000)
    return link


def with_link(v: Visit) -> None:
    by_link(v, written(v))


def link_question(v: Visit) -> None:
    with_link(v)
    v.home()
    LINKS(v)
    v.sheet().locator(".links-acts button").last.click()
    v.sheet()


def link_terms(v: Visit) -> None:
    composer = written(v)
    by_link(v, composer)
    _ways_to_attach(v, composer)
    v.page.locator(":popover-open [role^=menuitem]").last.click()
    expect(v.sheet().locator(".links-terms")).to_be_visible(timeout=15_000)


def sensitive(v: Visit) -> None:
    _ways_to_attach(v, v.compose())
    v.line("Message sensible", "Sensitive message").click()
    expect(v.page.locator(".links-mark")).to_be_visible()


def _attach(composer: Locator, *chosen: FilePayload) -> None:
    composer.locator(".composer-foot > input[type=file]").first.set_input_files(list(chosen))


def with_files(v: Visit) -> None:
    composer = written(v)
    _attach(
        composer,
        {
            "name": "autorisation-de-sortie-du-college.pdf",
            "mimeType": "application/pdf",
            "buffer": files.pdf(),
        },
        {
            "name": "essai.com",
            "mimeType": "",
            "buffer": ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode(),
        },
    )
    expect(composer.locator(".file-failed")).to_be_visible(timeout=20_000)


def no_recipient(v: Visit) -> None:
    composer = v.compose()
    composer.locator(".editor-text").press_sequentially("x")
    v.page.keyboard.press("Control+Enter")
    expect(composer.locator(".field-error").first).to_be_visible()


def _question(subject: str, text: str, to: str) -> Opening:
    def open_it(v: Visit) -> None:
        composer = v.compose()
        address(composer, to)
        subject_of(composer).fill(subject)
        composer.locator(".editor-text").press_sequentially(text)
        v.page.keyboard.press("Control+Enter")
        v.sheet()

    return open_it


def a_table(v: Visit) -> None:
    v.compose().locator(".editor-text").click()
    v.button("Tableau", "Table", v.page.locator(".format-bar")).click()
    expect(v.page.locator(".editor-text table")).to_be_visible()


def a_link(v: Visit) -> None:
    v.compose().locator(".editor-text").press_sequentially("Le site")
    v.page.keyboard.press("Control+a")
    v.button("Lien", "Link", v.page.locator(".format-bar")).click()
    expect(v.page.locator(".link-form input")).to_be_focused()


def a_picture(v: Visit) -> None:
    composer = v.compose()
    composer.locator(".editor-text").click()
    composer.locator(".format-foot input[type=file]").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": files.png(300, 120)}
    )
    picture = composer.locator(".editor-text img[data-cid]")
    expect(picture).to_be_visible(timeout=15_000)
    picture.click()


def an_answer(v: Visit) -> None:
    v.open(ANSWERED)
    v.page.keyboard.press("r")
    expect(v.page.locator(".composer").locator(".editor-text, textarea").first).to_be_visible()
    quoted = v.page.locator(".composer button").filter(has_text="…")
    if quoted.count():
        quoted.first.click()


def waiting(v: Visit) -> None:
    composer = v.compose()
    address(composer, v.person["address"])
    subject_of(composer).fill(v.say("À lire lundi", "For Monday"))
    composer.locator(".editor-text").press_sequentially("Bonjour.")
    composer.locator("[data-act=send-later]").click()
    v.line("Demain à 8 h", "Tomorrow at 8 am").click()
    expect(v.page.locator(".toast").first).to_be_visible(timeout=15_000)
    if not v.wide:
        v.page.locator(".topbar-start button").first.click()
    v.page.locator(".sends-line").first.click()
    v.sheet()


def _file(name: str) -> Opening:
    def open_it(v: Visit) -> None:
        v.open(FILES)
        # It is a link that downloads until the viewer has come.
        v.page.locator("button.attachment-open").filter(has_text=name).first.click()
        expect(v.page.locator(".viewer-title h2")).to_have_text(name)
        expect(v.page.locator(".viewer-turning")).to_have_count(0, timeout=15_000)

    return open_it


VIEWED = (
    "rapport.pdf", "photo.png", "logo.svg", "notes.csv", "moyenne.py", "bilan.html", "conseil.ics",
    "jeanne.vcf", "sorties.zip", "compte-rendu.docx", "inconnu.xyz",
)  # fmt: skip

WRITING = (
    Screen("composer", blank, sheet=True),
    Screen("composer-full", full),
    Screen("composer-suggestions", suggested),
    Screen("composer-wrong-address", wrong_address),
    Screen("composer-wide", wide, least=720),
    Screen("composer-small", minimised, least=720),
    Screen("composers", two, least=720),
    Screen("composer-options", options),
    Screen("composer-chosen", chosen_options),
    Screen("plain-question", plain_question, ("compose/Options.tsx",), sheet=True),
    Screen("plain-text", plain_text),
    Screen("later-menu", later_menu),
    Screen(
        "later-moment",
        by_menu(later_menu, "Choisir la date", "Choose date"),
        ("features/sendlater/MomentDialog.tsx",),
        sheet=True,
    ),
    Screen("templates-menu", templates_menu),
    Screen("keep-template", keep_template, sheet=True),
    Screen("attach-menu", attach_menu),
    Screen("composer-link", with_link),
    Screen("link-terms", link_terms, ("features/links/Terms.tsx",), sheet=True),
    Screen("link-question", link_question, ("features/links/Panel.tsx",), sheet=True),
    Screen("sensitive", sensitive),
    Screen("composer-files", with_files),
    Screen("no-recipient", no_recipient),
    Screen(
        "question-attachment",
        _question("Plan", "Vous trouverez ci-joint le plan.", "claire.lefevre@ac-normandie.fr"),
        ("compose/SendQuestion.tsx",),
        sheet=True,
    ),
    Screen("question-subject", _question("", "Bonjour.", "claire.lefevre@ac-normandie.fr"), sheet=True),
    Screen("question-outside", _question("Bonjour", "Bonjour.", OUTSIDE), sheet=True),
    Screen("table", a_table),
    Screen("text-link", a_link),
    Screen("picture", a_picture),
    Screen("answer", an_answer),
    Screen("waiting", waiting, ("features/sendlater/WaitingSheet.tsx",), sheet=True),
    *(
        Screen(f"file-{name.rpartition('.')[2]}", _file(name), ("features/preview/Viewer.tsx",), sheet=True)
        for name in VIEWED
    ),
)
