"""A code as it is read out."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _


def spoken(code: str, language: str) -> str:
    """The words for the voice: each digit by itself, twice. A comma is a breath."""
    digits = ", ".join(code)
    with translation.override(language):
        words = _("Bonjour. Votre code est : %(digits)s. Je répète : %(digits)s. Ne le donnez à personne.")
        return words % {"digits": digits}
