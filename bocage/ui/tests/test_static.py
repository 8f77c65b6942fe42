"""The one stylesheet and the modules, as they are served and as they are collected."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from bocage.ui import finders as ours
from bocage.ui import modules

UI = Path(__file__).resolve().parent.parent


def test_the_order_of_layers_is_said_before_any_rule():
    assert (
        re.sub(r"/\*.*?\*/", "", ours.stylesheet(), flags=re.DOTALL).lstrip().startswith("@layer reset, tokens, base")
    )


def test_every_module_of_the_import_map_is_a_file():
    imports = json.loads(modules.import_map())["imports"]

    assert [url for url in imports.values() if finders.find(url.removeprefix("/static/")) is None] == []


def test_every_custom_element_of_a_component_has_its_module():
    imports = json.loads(modules.import_map())["imports"]
    pages = [*(UI / "components").rglob("*.html"), *(UI / "templates").rglob("*.html")]
    elements = {name for page in pages for name in re.findall(r"<([a-z]+-[a-z-]+)", page.read_text())}

    assert sorted(elements - imports.keys()) == []


@pytest.mark.parametrize("path", ["ui/components/../finders.js", "ui/components/../../settings.js", "ui/other.css"])
def test_nothing_else_is_served_from_beside_the_components(path):
    assert not ours.OneStylesheet().find(path)


def test_styles_shout_nowhere_and_every_icon_in_use_is_drawn():
    css = ours.stylesheet()
    used = {
        name
        for page in UI.parent.rglob("*.html")
        for pair in re.findall(r'\bicon(?:_end)?="([a-z]+)"|"([a-z]+)"\|icon\b', page.read_text())
        for name in pair
        if name
    }

    assert "!important" not in css
    assert sorted(name for name in used if f'[data-icon="{name}"]' not in css) == []


def test_collected_files_carry_a_fingerprint_and_the_stylesheet_finds_its_fonts(tmp_path):
    manifest = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=manifest | {"default": manifest["staticfiles"]}):
        call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    collected = (tmp_path / names["ui/bocage.css"]).read_text()
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', collected)
    assert fonts == [
        Path(names[f"ui/fonts/{re.sub(r'[.][0-9a-f]{12}', '', Path(f).name)}"]).relative_to("ui").as_posix()
        for f in fonts
    ]
    assert len(fonts) == 3
