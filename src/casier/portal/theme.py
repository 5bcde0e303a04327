"""An academy's accent in both schemes, readable on both: WCAG contrast is computed, not hoped for."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

from casier.directory.colours import MINIMUM_CONTRAST

INK_LIGHT, INK_DARK = "#ffffff", "#0f1f1d"
SURFACE_LIGHT, SURFACE_DARK = "#ffffff", "#1b2223"
# How much of the accent is in the ground of what is selected.
SOFT_LIGHT, SOFT_DARK = 0.12, 0.22
# In the dark an accent may glow: a little more than the bare minimum.
DARK_CONTRAST = 7.0
# Beyond this a light colour glares on a dark page.
MOST_SATURATED = 0.5

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shades:
    """The three tokens that depend on an academy, for one scheme."""

    accent: str
    on_accent: str
    accent_soft: str


def light(accent: str) -> Shades:
    """ACCENT as it is, white being readable on it; darkened where its own soft ground asks for it."""
    soft = _mixed(accent, SURFACE_LIGHT, SOFT_LIGHT)
    steps = (_mixed("#000000", accent, step / 20) for step in range(21))
    readable = next(shade for shade in steps if contrast(shade, soft) >= MINIMUM_CONTRAST)
    return Shades(readable, INK_LIGHT, soft)


def dark(accent: str) -> Shades:
    """ACCENT lightened until it can be read on dark surfaces and on its own soft ground."""
    soft = _mixed(accent, SURFACE_DARK, SOFT_DARK)
    grounds = ((SURFACE_DARK, DARK_CONTRAST), (soft, MINIMUM_CONTRAST))
    steps = (_lightened(accent, step / 40) for step in range(41))
    bright = next(shade for shade in steps if all(contrast(shade, to) >= wanted for to, wanted in grounds))
    return Shades(bright, INK_DARK, soft)


def stylesheet(accent: str) -> str:
    """The CSS that replaces the accent of tokens.css, for each scheme; paper is light."""
    day, night = _rules(light(accent)), _rules(dark(accent))
    return (
        f":root {{ {day} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {night} }} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ {night} }} }}\n"
    )


def _rules(shades: Shades) -> str:
    return f"--accent: {shades.accent}; --on-accent: {shades.on_accent}; --accent-soft: {shades.accent_soft};"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1): 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _lightened(colour: str, share: float) -> str:
    """COLOUR with its lightness moved towards white by SHARE, its hue and most of its saturation kept."""
    red, green, blue = (channel / 255 for channel in _rgb(colour))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lighter = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * share, min(saturation, MOST_SATURATED))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in lighter)


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
