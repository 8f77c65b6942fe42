"""Components refuse what they do not know, render whatever they declare, and keep to the content security policy."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, TemplateSyntaxError, engines
from django.test import Client
from django.utils import translation

from bocage.commons.money import Money
from bocage.network.models import Instance
from bocage.ui import components, samples
from bocage.ui.templatetags.ui import components as tags

UI = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    engine = engines["django"].engine
    template = engine.from_string(source)
    return template.render(Context(context)).strip()


def test_an_unknown_attribute_is_refused_when_the_page_is_compiled():
    with pytest.raises(TemplateSyntaxError) as refusal:
        engines["django"].from_string('{% icon name="pin" colour="red" %}')

    assert str(refusal.value) == "{% icon %} does not know colour; it declares: name label=''"


def test_a_missing_required_attribute_is_refused_when_the_page_is_compiled():
    with pytest.raises(TemplateSyntaxError) as refusal:
        engines["django"].from_string('{% icon label="Place" %}')

    assert str(refusal.value) == "{% icon %} needs name; it declares: name label=''"


def test_a_value_without_a_name_is_refused():
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string('{% icon "pin" %}')


def test_a_component_that_declares_nothing_is_refused(tmp_path):
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "bare.html").write_text("<p>Hello</p>")

    with pytest.raises(TemplateSyntaxError):
        components.read(folder)


def test_a_component_sees_its_attributes_and_nothing_else_of_the_page():
    html = render('{% icon name="pin" %}', label="leaked from the page")

    assert html == '<span class="icon" data-icon="pin" aria-hidden="true"></span>'


def test_htmx_and_data_attributes_pass_through_escaped():
    html = render('{% button label="Add" type="button" tone="soft" hx-post=url data-line=3 %}', url="/basket/?a=1&b=2")

    assert html == (
        '<button class="button" type="button" data-tone="soft" hx-post="/basket/?a=1&amp;b=2" data-line="3">'
        "<span>Add</span></button>"
    )


def test_a_wrapping_component_keeps_what_it_wraps_and_escapes_what_is_said():
    html = render('{% notice tone="good" title=title %}<b>kept</b>{% endnotice %}', title="<script>")

    assert "<b>kept</b>" in html
    assert "&lt;script&gt;" in html


def test_an_amount_is_written_as_the_reader_writes_it():
    with translation.override("fr"):
        french = render("{{ amount|money }} {{ minor|minor }}", amount=Money(128460), minor=5)
    with translation.override("en"):
        english = render("{{ amount|money }}", amount=Money(128460))

    assert (french, english) == ("1\u00a0284,60\u00a0€ 0,05\u00a0€", "€1,284.60")


def test_a_field_is_tied_to_its_hint_and_its_error():
    form = samples.SampleForm({})
    form.is_valid()

    html = render("{% field field=form.name %}", form=form)

    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_of_errors_leads_to_each_field():
    form = samples.SampleForm({})
    form.is_valid()

    html = render("{% form_errors form=form %}", form=form)

    assert re.findall(r'href="([^"]+)"', html) == ["#id_name", "#id_place", "#id_how", "#id_accept"]


def test_two_forms_of_a_page_share_one_summary():
    first, second = samples.SampleForm({"name": "x"}, prefix="a"), samples.SampleForm({}, prefix="b")

    html = render("{% form_errors form=first also=second %}", first=first, second=second)

    assert html.count('role="alert"') == 1
    assert {"#id_a-place", "#id_b-name"} <= set(re.findall(r'href="([^"]+)"', html))
    assert render("{% form_errors form=form also=form %}", form=samples.SampleForm()) == ""


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("address", ["/styleguide/", "/styleguide/hub/", "/styleguide/paper/"])
@pytest.mark.django_db
@pytest.mark.urls("bocage.ui.tests.urls")
def test_the_gallery_shows_every_component_in_both_languages(address, language):
    Instance.objects.create(slug="ui", name="Bocage", mail_from="a@example.org", contact_email="a@example.org")

    response = Client(headers={"accept-language": language}).get(address)

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert not re.search(r"\sstyle=|\son\w+=", response.text)


def test_the_gallery_leaves_no_component_out():
    shown = "".join(path.read_text() for path in (UI / "templates").rglob("*.html"))
    shown += "".join(component.source for component in tags.values())

    assert [name for name in tags if not re.search(rf"{{% {name}[ %]", shown)] == []


def test_no_template_has_an_inline_style_or_an_event_handler():
    files = [path for path in UI.parent.rglob("*.html") if "mail" not in path.parts]
    offenders = [path.name for path in files if re.search(r"<[^>]*\s(?:style|on(?!e\b)[a-z]+)=", path.read_text())]

    assert offenders == []


def test_every_inline_script_carries_the_nonce_or_only_data():
    files = UI.parent.rglob("*.html")
    scripts = [tag for path in files for tag in re.findall(r"<script\b[^>]*>", path.read_text())]

    assert [tag for tag in scripts if not re.search(r"src=|nonce=|application/json", tag)] == []


def test_a_countdown_says_what_is_left_before_any_script_runs():
    with translation.override("fr"):
        html = render("{% countdown until=until now=now %}", until=NOW + timedelta(days=1, hours=10), now=NOW)

    assert "Ferme demain à 20\u00a0h" in html
    assert "1\u00a0jour 10\u00a0h" in html


def test_what_is_kept_by_commas_is_listed_with_room_between():
    assert render('{{ "35985,35986"|listed }} {{ "35"|listed }}') == "35985, 35986 35"
