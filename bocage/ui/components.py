"""Components: a folder with a template whose first line declares its attributes becomes a template tag of that name."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Library, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parent / "components"
DECLARATION = re.compile(r"\{# attributes:(?P<attributes>.*?)#\}")
ATTRIBUTE = re.compile(r"(\w+)(?:=(\"[^\"]*\"|\S+))?")
REMARKS = re.compile(r"^\{#.*#\}\n", re.MULTILINE)  # kept out of what is compiled, with their line breaks
GIVEN = re.compile(r"([\w-]+)=(.+)", re.DOTALL)
FREE = ("hx-", "data-", "aria-")  # a component that declares `extra` passes these on to its element


@dataclass(slots=True, eq=False)
class Component:
    """What a component accepts, whether it wraps content, and its template, compiled at first use."""

    name: str
    source: str
    required: frozenset[str]
    defaults: dict[str, Any]
    wraps: bool
    template: Template | None = field(default=None)

    @property
    def declared(self) -> str:
        """Return the attributes as an author reads them: the required ones first."""
        optional = [f"{name}={value!r}" for name, value in self.defaults.items()]
        return " ".join([*sorted(self.required), *optional]) or "(none)"

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse an unknown or a missing attribute. Raises TemplateSyntaxError."""
        unknown = [name for name in given if name not in self.required and name not in self.defaults]
        missing = sorted(self.required.difference(given))
        for said, names in (("does not know", unknown), ("needs", missing)):
            if names:
                raise TemplateSyntaxError(
                    f"{{% {self.name} %}} {said} {', '.join(names)}; it declares: {self.declared}"
                )

    def render(self, values: Mapping[str, Any], context: Context) -> SafeString:
        """Return the component's HTML: it sees its attributes and nothing else of the page."""
        if self.template is None:
            self.template = Engine.get_default().from_string(self.source)
        inner = context.new({**self.defaults, **values})
        if "csrf_token" in context:
            inner["csrf_token"] = context["csrf_token"]
        return self.template.render(inner)


def read(folder: Path) -> Component:
    """Return the component kept in `folder`. Raises TemplateSyntaxError when it declares no attributes."""
    source = (folder / f"{folder.name}.html").read_text()
    first_line, _, _ = source.partition("\n")
    declaration = DECLARATION.match(first_line)
    if declaration is None:
        raise TemplateSyntaxError(
            f"{folder.name}.html: the first line declares its attributes, even when there are none"
        )
    attributes = ATTRIBUTE.findall(declaration["attributes"])
    return Component(
        name=folder.name.replace("-", "_"),
        source=REMARKS.sub("", source).strip(),
        required=frozenset(name for name, default in attributes if not default),
        defaults={name: ast.literal_eval(default) for name, default in attributes if default},
        wraps="{{ content }}" in source,
    )


def register_all(library: Library, folder: Path = FOLDER) -> dict[str, Component]:
    """Add one tag per component to `library`; return the components by tag name."""
    found = {}
    for html in sorted(folder.glob("*/*.html")):
        if html.stem == html.parent.name:
            component = read(html.parent)
            found[component.name] = component
            library.tag(component.name, _compiler(component))
    return found


def _compiler(component: Component) -> Any:
    def compile_tag(parser: Parser, token: Token) -> ComponentNode:
        given, free = _attributes(component, parser, token)
        component.check(given)
        content = None
        if component.wraps:
            content = parser.parse((f"end{component.name}",))
            parser.delete_first_token()
        return ComponentNode(component, given, free, content)

    return compile_tag


def _attributes(
    component: Component, parser: Parser, token: Token
) -> tuple[dict[str, FilterExpression], dict[str, Any]]:
    given: dict[str, FilterExpression] = {}
    free: dict[str, FilterExpression] = {}
    for bit in token.split_contents()[1:]:
        match = GIVEN.fullmatch(bit)
        if match is None:
            raise TemplateSyntaxError(
                f"{{% {component.name} %}}: {bit!r} is not name=value; it declares: {component.declared}"
            )
        name, value = match[1], parser.compile_filter(match[2])
        if "extra" in component.defaults and name.startswith(FREE):
            free[name] = value
        else:
            given[name] = value
    return given, free


class ComponentNode(Node):
    """One use of a component in a page."""

    child_nodelists = ("content",)

    def __init__(self, component: Component, given: dict[str, Any], free: dict[str, Any], content: NodeList | None):
        self.component, self.given, self.free = component, tuple(given.items()), tuple(free.items())
        self.content = content if content is not None else NodeList()

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context) for name, expression in self.given}
        if self.free:
            values["extra"] = {**(values.get("extra") or {}), **{name: e.resolve(context) for name, e in self.free}}
        if self.component.wraps:
            values["content"] = mark_safe(self.content.render(context).strip())
        return self.component.render(values, context)
