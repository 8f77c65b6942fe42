"""Copy what we use of the pinned front-end packages, each with its licence: `python -m bocage.ui.vendor node_modules`.

After `npm install --ignore-scripts` beside package.json. The copies are committed: running Bocage needs no Node.js.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
FONTS, VENDOR, BROWSER_TESTS = HERE / "static/ui/fonts", HERE / "static/vendor", HERE.parent.parent / "tests/vendor"

COPIES = [  # (package, file in it, our copy)
    ("htmx.org", "dist/htmx.esm.js", VENDOR / "htmx/htmx.esm.js"),
    ("htmx.org", "LICENSE", VENDOR / "htmx/LICENSE"),
    ("lucide-static", "LICENSE", VENDOR / "lucide/LICENSE"),
    ("axe-core", "axe.min.js", BROWSER_TESTS / "axe.min.js"),
    ("axe-core", "LICENSE", BROWSER_TESTS / "LICENSE"),
]
for family, files in {
    "bricolage-grotesque": ["bricolage-grotesque-latin-wdth-normal"],
    "atkinson-hyperlegible-next": [
        "atkinson-hyperlegible-next-latin-wght-normal",
        "atkinson-hyperlegible-next-latin-wght-italic",
    ],
}.items():
    package = f"@fontsource-variable/{family}"
    COPIES += [(package, f"files/{name}.woff2", FONTS / f"{name}.woff2") for name in files]
    COPIES += [(package, "LICENSE", VENDOR / family / "LICENSE")]

ICONS = """
    cycle=repeat-2 settings=sliders-horizontal
    alert=triangle-alert archive arrow=arrow-right back=arrow-left bank=landmark basket=shopping-basket bell
    box=package calendar=calendar-days camera card=credit-card cash=banknote chart=chart-column check clock
    copy dots=ellipsis down=chevron-down download door=log-out edit=pencil euro external=external-link eye
    filter=list-filter flag globe=languages hand heart=heart-handshake history home=house image info
    key=key-round leaf left=chevron-left link list lock mail map menu message=message-circle minus
    monitor=sun-moon moon pause phone pin=map-pin play plus print=printer qr=qr-code receipt=receipt-text
    refund=undo-2 repeat=repeat-2 right=chevron-right route scale search send shield=shield-check
    sliders=sliders-horizontal sprout star store sun tag ticket=ticket-percent tractor trash=trash-2 truck
    undo unlock=lock-open up=chevron-up upload user=user-round users=users-round wallet wheat x
"""  # our name, and Lucide's where it is another


def icon_style(svg: str) -> str:
    """Return an icon's drawing as a data address: shapes only, in a 1.8 px line."""
    shapes = "".join(re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)[^>]*/>", svg))
    head = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#000' stroke-width='1.8' "
    drawing = head + "stroke-linecap='round' stroke-linejoin='round'>" + shapes.replace('"', "'") + "</svg>"
    return quote(re.sub(r"\s+", " ", drawing), safe=" ='/:.,-")


def icons(package: Path) -> str:
    """Return the stylesheet of all our icons: each is a mask and takes the ink of its words."""
    rules = []
    for word in ICONS.split():
        ours, _, theirs = word.partition("=")
        drawing = icon_style((package / f"icons/{theirs or ours}.svg").read_text())
        rules.append(f'  [data-icon="{ours}"] {{ --glyph: url("data:image/svg+xml,{drawing}"); }}')
    origin = "/* Made by bocage/ui/vendor.py from Lucide (ISC licence: static/vendor/lucide/LICENSE). */"
    return "\n".join([origin, "@layer components {", *rules, "}", ""])


def main(node_modules: Path) -> None:
    """Copy everything from `node_modules` and write the icons' stylesheet."""
    for package, file, copy in COPIES:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(node_modules / package / file, copy)
    (HERE / "styles/icons.css").write_text(icons(node_modules / "lucide-static"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
