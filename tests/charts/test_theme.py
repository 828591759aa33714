"""Can every text be read in every colour it is set in, and is there one source of colours?"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from firstcall.charts.theme import DARK, DARK_COLOURS, LIGHT, LIGHT_COLOURS, PAGE, SERIES_TONES, stylesheet
from firstcall.errors import UnknownName

BOTH = pytest.mark.parametrize("colours", [LIGHT_COLOURS, DARK_COLOURS], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_of_21() -> None:
    """The measure itself."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@BOTH
def test_text_tones_reach_aa_on_every_ground(colours: Mapping[str, str]) -> None:
    """4.5:1 for words, verdicts and the accent, on cards, pages and lanes."""
    tones = ("fg", "mute", "good", "warn", "bad", "accent")
    wrong = [(t, g) for t in tones for g in ("surface", "bg", "s0") if contrast(colours[t], colours[g]) < 4.5]
    assert wrong == []


@BOTH
def test_series_tones_reach_aa_on_the_surface(colours: Mapping[str, str]) -> None:
    """Series are named in their own colour."""
    assert [t for t in (*SERIES_TONES, "other") if contrast(colours[t], colours["surface"]) < 4.5] == []


@BOTH
def test_text_on_filled_grounds_reaches_aa(colours: Mapping[str, str]) -> None:
    """Values in heat cells, and words on the accent."""
    pairs = [("h3-ink", "h3"), ("h4-ink", "h4"), ("h5-ink", "h5"), ("on-accent", "accent"), ("fg", "h2")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []


@BOTH
def test_series_and_verdicts_share_no_colour(colours: Mapping[str, str]) -> None:
    """Green, amber and red judge; they never name a series."""
    assert {colours[t] for t in SERIES_TONES} & {colours[t] for t in ("good", "warn", "bad")} == set()
    assert len({colours[t] for t in (*SERIES_TONES, "other")}) == 11


def test_both_palettes_name_the_same_tones() -> None:
    """Switching loses none."""
    assert LIGHT_COLOURS.keys() == DARK_COLOURS.keys()


def test_the_page_theme_names_variables_and_the_others_resolve_them() -> None:
    """One word, three spellings."""
    assert (PAGE("c1"), LIGHT("c1"), DARK("c1")) == ("var(--c1)", LIGHT_COLOURS["c1"], DARK_COLOURS["c1"])


def test_an_unknown_tone_names_near_ones() -> None:
    """A slip is told, not drawn in black."""
    with pytest.raises(UnknownName, match="Did you mean accent"):
        PAGE("acent")


def test_the_stylesheet_defines_every_variable_for_every_reader() -> None:
    """Light, dark by system, dark by choice, and light on paper."""
    css = stylesheet()
    for tone, light in LIGHT_COLOURS.items():
        assert css.count(f"--{tone}:{light};") >= 2
        assert css.count(f"--{tone}:{DARK_COLOURS[tone]};") >= 2
    assert "@media (prefers-color-scheme:dark){:root:not([data-theme=light])" in css
    assert ":root[data-theme=dark]{" in css
    assert "@media print{" in css
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= LIGHT_COLOURS.keys()
