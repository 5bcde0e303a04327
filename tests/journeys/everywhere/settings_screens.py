"""The settings, part by part, and the sheets that some of them lead to."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from journeys.everywhere.visit import Opening, Screen, Visit, by_palette

SETTINGS_SHEET = by_palette("Réglages", "Settings")


def settings_part(french: str, english: str) -> Opening:
    def open_it(v: Visit) -> None:
        SETTINGS_SHEET(v)
        v.sheet().locator(".settings-names button").filter(
            has_text=re.compile(f"^{re.escape(v.say(french, english))}$")
        ).click()
        expect(v.sheet().locator(".settings-part")).to_be_visible()
        expect(v.sheet().get_by_text(re.compile("^(Chargement|Loading)"))).to_have_count(0, timeout=15_000)

    return open_it


def _in_part(part: Opening, french: str, english: str) -> Opening:
    def open_it(v: Visit) -> None:
        part(v)
        v.button(french, english, v.sheet()).first.click()

    return open_it


FILTERS = settings_part("Filtres", "Filters")
TEMPLATES = settings_part("Modèles", "Templates")
LINKS = settings_part("Mes liens", "My links")

SETTINGS = (
    Screen("settings", SETTINGS_SHEET, ("screens/settings/SettingsDialog.tsx",), sheet=True),
    Screen("filters", FILTERS),
    Screen("new-rule", _in_part(FILTERS, "Nouvelle règle", "New rule")),
    Screen("absence", settings_part("Absence", "Absence")),
    Screen("writing", settings_part("Rédaction et signatures", "Writing and signatures")),
    Screen("labels", settings_part("Étiquettes", "Labels")),
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
        by_palette("Retrouver des messages supprimés", "Find deleted messages"),
        ("features/restore/RestoreSheet.tsx",),
        sheet=True,
    ),
    Screen(
        "transfer",
        by_palette("Importer, exporter", "Import, export"),
        ("features/transfer/TransferSheet.tsx",),
        sheet=True,
    ),
)
