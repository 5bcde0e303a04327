"""An academy's accent in both schemes, readable on both: WCAG contrast is computed, not hoped for."""

from __future__ import annotations

from dataclasses import dataclass

from casier.directory.colours import MINIMUM_CONTRAST

INK_LIGHT, INK_DARK = "#ffffff", "#0f1f1d"
SURFACE_LIGHT, SURFACE_DARK = "#ffffff", "#1b2223"
# How much of the accent is in the ground of what is selected.
SOFT_LIGHT, SOFT_DARK = 0.12, 0.22
# In the dark an accent may glow: a little more than the bare minimum.
DARK_CONTRAST = 6.0

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shades:
    """The three tokens that depend on an academy, for one scheme."""

    accent: str
    on_accent: str
    accent_soft: str


def light(accent: str) -> Shades:
    """ACCENT as it is (the directory took it because white can be read on it), darkened for its own soft ground."""
    soft = _mixed(accent, SURFACE_LIGHT, SOFT_LIGHT)
    readable = _until(accent, "#000000", soft, MINIMUM_CONTRAST)
    return Shades(readable, INK_LIGHT, soft)


def dark(accent: str) -> Shades:
    """ACCENT lightened until it can be read on dark surfaces and on its own soft ground."""
    soft = _mixed(accent, SURFACE_DARK, SOFT_DARK)
    bright = _until(accent, "#ffffff", SURFACE_DARK, DARK_CONTRAST)
    return Shades(_until(bright, "#ffffff", soft, MINIMUM_CONTRAST), INK_DARK, soft)


def stylesheet(accent: str) -> str:
    """The CSS that follows tokens.css and replaces the accent, for the system's scheme and for the chosen one."""
    day, night = _rules(light(accent)), _rules(dark(accent))
    return (
        f":root {{ {day} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {night} }} }}\n"
        f":root[data-theme=dark] {{ {night} }}\n"
    )


def _rules(shades: Shades) -> str:
    return f"--accent: {shades.accent}; --on-accent: {shades.on_accent}; --accent-soft: {shades.accent_soft};"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1): 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _until(colour: str, towards: str, ground: str, wanted: float) -> str:
    """COLOUR, moved towards another in steps of a twentieth until its contrast with GROUND is enough."""
    for step in range(21):
        moved = _mixed(towards, colour, step / 20)
        if contrast(moved, ground) >= wanted:
            return moved
    return towards


def _mixed(one: str, other: str, share: float) -> str:
    parts = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
