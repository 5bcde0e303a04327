"""Every accent an academy may choose can be read, in both schemes."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from casier.directory.colours import contrast_with_white
from casier.portal import theme
from casier.portal.devices import device_of

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colours)
def test_text_can_be_read_on_every_shade(accent: str) -> None:
    assume(contrast_with_white(accent) >= 4.5)
    day, night = theme.light(accent), theme.dark(accent)
    assert theme.contrast(day.accent, day.on_accent) >= 4.5
    assert theme.contrast(day.accent, day.accent_soft) >= 4.5
    assert theme.contrast(night.accent, night.on_accent) >= 4.5
    assert theme.contrast(night.accent, theme.SURFACE_DARK) >= 4.5
    assert theme.contrast(night.accent, night.accent_soft) >= 4.5


def test_an_accent_that_is_readable_stays_itself() -> None:
    assert theme.light("#1b5e57").accent == "#1b5e57"


def test_the_stylesheet_serves_both_schemes() -> None:
    text = theme.stylesheet("#1b5e57")
    assert "prefers-color-scheme: dark" in text
    assert text.count("--accent:") == 3
    # what is printed is light, whatever was chosen for the screen
    assert all("@media screen" in line for line in text.splitlines()[1:])


def test_a_browser_is_told_in_words() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert device_of(firefox) == "Firefox, Linux"
    assert device_of("curl/8") == ""
