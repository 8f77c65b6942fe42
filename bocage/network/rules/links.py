"""The links that a platform adds to its own menus: a user guide, a forum, where else one finds it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bocage.commons.refusals import Refused, gettext_noop

MOST_LINKS = 7
LONGEST_WORDS, LONGEST_URL = 40, 200
_URL = re.compile(r"(https?://[^\s/]+\.[^\s]+|mailto:[^\s@]+@[^\s@]+|/[^\s/][^\s]*)", re.ASCII)


class Place(StrEnum):
    """Where a link stands."""

    MENU = "menu"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words and where it leads."""

    words: str
    url: str
    place: Place = Place.FOOT


class HalfALink(Refused):
    """Words without an address, or an address without words."""

    code = "network.half_a_link"
    message = gettext_noop("A link needs both its words and its address: look at line %(line)s.")


class NotALink(Refused):
    """An address that leads nowhere one may lead people."""

    code = "network.not_a_link"
    message = gettext_noop("“%(url)s” leads nowhere. An address begins with https://, mailto: or / for a page of ours.")


class TooManyLinks(Refused):
    """More links than a menu bears."""

    code = "network.too_many_links"
    message = gettext_noop("At most %(most)s links: a menu with more is read by nobody.")


def tidy_links(typed: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links without idle spaces and empty lines, in their order.

    Raises HalfALink, NotALink, TooManyLinks.
    """
    found = []
    for number, link in enumerate(typed, 1):
        words, url = " ".join(link.words.split())[:LONGEST_WORDS], link.url.strip()
        if not words and not url:
            continue
        if not words or not url:
            raise HalfALink(line=number)
        if len(url) > LONGEST_URL or not _URL.fullmatch(url):
            raise NotALink(url=url[:80])
        found.append(Link(words, url, Place(link.place)))
    if len(found) > MOST_LINKS:
        raise TooManyLinks(most=MOST_LINKS)
    return tuple(found)
