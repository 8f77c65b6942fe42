"""Rich text from people: only the tags that a story needs, never a script, an address or a style of its own."""

import nh3

TAGS = {"a", "b", "blockquote", "br", "del", "div", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre"}
TAGS |= {"strong", "u", "ul"}


def cleaned(text: str) -> str:
    """Return `text` with everything but plain formatting and web or mail links taken out."""
    return nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    ).strip()
