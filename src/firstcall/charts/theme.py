"""Which colour is what: one source for pages, charts and files, light and dark?

Text tones reach WCAG AA (4.5:1) on `surface`, `bg` and `s0` of their palette, and series tones on `surface`,
because series are labelled in their own colour. `good`, `warn` and `bad` are verdicts and nothing else; `h0` to
`h5` are the steps of a heatmap from quiet to bad, `f1` to `f4` those of a funnel from pale to accent, `g1` to `g4`
the same where a cohort is still open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from firstcall.errors import UnknownName

LIGHT_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#f6f7fa", "surface": "#ffffff", "s0": "#eef0f4", "border": "#e3e6ec", "grid": "#e9ebf0",
        "fg": "#1c212b", "mute": "#5b6474", "faint": "#9aa2b1", "accent": "#3e5ed8", "on-accent": "#ffffff",
        "c1": "#3e5ed8", "c2": "#027c7c", "c3": "#a4630c", "c4": "#974dad", "c5": "#037bab",
        "c6": "#747806", "c7": "#b2417f", "c8": "#7563c0", "c9": "#914f2f", "c10": "#376c79",
        "other": "#6a7180",
        "good": "#037649", "warn": "#8a5d06", "bad": "#c51e21",
        "h0": "#eef0f4", "h1": "#fde2df", "h2": "#fec9c2", "h3": "#fe978b", "h4": "#ec4f47", "h5": "#c51e21",
        "h3-ink": "#4a0d0c", "h4-ink": "#1d0404", "h5-ink": "#ffffff",
        "f1": "#dfe8fd", "f2": "#a5bcf9", "f3": "#6b8cee", "f4": "#3453d3",
        "g1": "#eceef2", "g2": "#d3d7df", "g3": "#b3bac6", "g4": "#8d95a4",
    }
)  # fmt: skip

DARK_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#0e1218", "surface": "#161b24", "s0": "#222833", "border": "#2a313d", "grid": "#262d39",
        "fg": "#e8ebf1", "mute": "#a0a9b9", "faint": "#5f6979", "accent": "#7fa0fd", "on-accent": "#0d1220",
        "c1": "#7fa0fd", "c2": "#60c4c3", "c3": "#efaf6f", "c4": "#d594e9", "c5": "#6fbfec",
        "c6": "#c5cb7c", "c7": "#f18bbd", "c8": "#aa9df1", "c9": "#d99a7e", "c10": "#80adb9",
        "other": "#949dac",
        "good": "#76d5a0", "warn": "#eeba6f", "bad": "#ff796d",
        "h0": "#222833", "h1": "#442a2a", "h2": "#6b3631", "h3": "#a7463e", "h4": "#d9544b", "h5": "#ff8074",
        "h3-ink": "#ffffff", "h4-ink": "#140405", "h5-ink": "#14080a",
        "f1": "#252d42", "f2": "#384a7e", "f3": "#5471c9", "f4": "#90aeff",
        "g1": "#232933", "g2": "#343c49", "g3": "#4b5563", "g4": "#6b7686",
    }
)  # fmt: skip

FONT = "Inter, 'Hanken Grotesk', 'Source Sans 3', system-ui, 'Liberation Sans', sans-serif"

BEHAVIOUR = """\
.fc-chart{display:block;width:100%;height:auto;overflow:visible;font-variant-numeric:tabular-nums}
.fc-chart a{cursor:pointer}
.fc-x .fc-guide{opacity:0}
.fc-x:hover .fc-guide,.fc-x.is-on .fc-guide{opacity:1}
.fc-cell:hover,a:focus-visible>.fc-cell{stroke:var(--fg);stroke-width:1.5}
.fc-pair>.fc-narrow{display:none}
@media (max-width:640px){.fc-pair>.fc-wide{display:none}.fc-pair>.fc-narrow{display:block}}
"""
"""Crosshair and hover without a script; in `.fc-pair`, the wide or the narrow drawing of one chart is shown."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Names of colours → what an SVG attribute says; without `colours`, the page's CSS variables decide."""

    name: str
    colours: Mapping[str, str] | None = None

    def __call__(self, tone: str) -> str:
        """Return `var(--tone)` or `#rrggbb`; an unknown tone raises UnknownName."""
        if tone not in LIGHT_COLOURS:
            raise UnknownName("colour", tone, LIGHT_COLOURS)
        return f"var(--{tone})" if self.colours is None else self.colours[tone]


PAGE = Theme("page")
LIGHT = Theme("light", LIGHT_COLOURS)
DARK = Theme("dark", DARK_COLOURS)

SERIES_TONES = tuple(f"c{n}" for n in range(1, 11))


def _block(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def stylesheet() -> str:
    """Return the CSS that pages and charts share: colours for both schemes, hover, and the narrow variants.

    The reader's system decides between light and dark, `data-theme` on the root overrides it, and paper is light.
    """
    light, dark = _block(LIGHT_COLOURS), _block(DARK_COLOURS)
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f"@media print{{:root,:root[data-theme]{{color-scheme:light;{light}}}}}\n"
        f"{BEHAVIOUR}"
    )
