"""On every palette, in the morning and at dusk, text keeps the contrast of WCAG 2.2 AA; computed from the styles."""

import math
import re

import pytest

from bocage.shops.rules.faces import PALETTES
from tests.architecture.house import ROOT

STYLES = ROOT / "bocage" / "ui" / "styles"
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-hover", TEXT),
    ("accent-text", "ground", TEXT),
    ("accent-text", "surface", TEXT),
    ("accent-text", "surface-sunken", TEXT),
    ("accent-soft-ink", "accent-soft", TEXT),
    ("ink", "band", TEXT),
    ("ink-soft", "band", TEXT),
    ("ink", "selection", TEXT),
    ("accent-line", "surface", EDGE),
    ("accent", "ground", EDGE),
]


def declared(block):
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def meanings(palette, dusk):
    """Return every custom property of the root under a palette, by day or at dusk, as the cascade leaves it."""
    tokens, own = ((STYLES / name).read_text() for name in ("tokens.css", "palettes.css"))
    dark = r':root\[data-theme="dark"\]{}[^{{]*\{{(.*?)\n  \}}'
    found = declared(tokens.partition(":root {")[2].partition("/* ── Type")[0])
    if dusk:
        found |= declared(re.search(dark.format(""), tokens, re.S)[1])
    if palette != "meadow":
        found |= declared(re.search(rf'\[data-palette="{palette}"\] \{{(.*?)\}}', own)[1])
        found |= declared(re.search(r"\n  \[data-palette\]:not\(.*?\) \{(.*?)\n  \}", own, re.S)[1])
        if dusk:
            found |= declared(re.search(dark.format(":is"), own, re.S)[1])
    return found


def luminance(name, found):
    """Return the relative luminance of a token: oklch → OKLab → linear sRGB, cut to its gamut as a screen does."""
    written = found[name]
    while link := re.search(r"var\(--([\w-]+)\)", written):
        written = written.replace(link[0], found[link[1]])
    written = re.sub(r"calc\(([.\d]+) \* ([.\d]+)\)", lambda sum_: str(float(sum_[1]) * float(sum_[2])), written)
    light, chroma, hue = (
        float(part) for part in re.fullmatch(r"oklch\(([.\d]+)% ([.\d]+) ([.\d]+)\)", written).groups()
    )
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    light /= 100
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    mid = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short
    return sum(weight * min(max(part, 0), 1) for weight, part in ((0.2126, red), (0.7152, green), (0.0722, blue)))


def contrast(one, other, found):
    dark, light = sorted((luminance(one, found), luminance(other, found)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("black", "white", {"black": "oklch(0% 0 0)", "white": "oklch(100% 0 0)"}) == pytest.approx(21, 0.01)


@pytest.mark.parametrize("dusk", [False, True], ids=["morning", "dusk"])
@pytest.mark.parametrize("palette", PALETTES)
def test_everything_can_be_read(palette, dusk):
    found = meanings(palette, dusk)

    poor = {pair[:2]: round(contrast(*pair[:2], found), 2) for pair in PAIRS if contrast(*pair[:2], found) < pair[2]}
    assert poor == {}


def test_both_ways_to_dusk_say_the_same():
    own = (STYLES / "palettes.css").read_text()

    system = declared(re.search(r"prefers-color-scheme: dark\) \{(.*?)\n  \}", own, re.S)[1])
    chosen = declared(re.search(r'\n  :root\[data-theme="dark"\]:is[^{]*\{(.*?)\n  \}', own, re.S)[1])
    assert (system, len(chosen)) == (chosen, 10)
