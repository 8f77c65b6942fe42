"""How a shop looks, and in which other sites it may be shown. Pure: no Django, no clock, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bocage.commons.refusals import Refused, gettext_noop

MOST_SITES = 10
PALETTES = ("meadow", "lake", "heather", "earth", "slate")  # the first is the platform's own
AT_HOME = frozenset({"localhost", "127.0.0.1"})
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotASite(Refused):
    """What was typed is no address of a site, or not one over https."""

    code = "shops.not_a_site"
    message = gettext_noop("“%(typed)s” is no address of a site. Write it as https://www.my-site.example.")


class TooManySites(Refused):
    """More sites than one hub has."""

    code = "shops.too_many_sites"
    message = gettext_noop("A shop stands in at most %(most)s sites.")


class NoSuchPalette(Refused):
    """Colours are chosen among those whose contrast is tested."""

    code = "shops.no_such_palette"
    message = gettext_noop("Choose one of the colours shown: on these, everything can be read.")


@dataclass(frozen=True, slots=True)
class Label:
    """A shop's own face: what stands in the place of the platform's. `picture` is its logo, a stored file."""

    hides_platform: bool = False
    picture: str = ""
    logo_link: str = ""
    palette: str = ""
    page_title: str = ""
    hides_groups: bool = False


def sites(typed: str) -> tuple[str, ...]:
    """Return the origins of the sites that somebody typed, one a line: https://www.farm.example, each once.

    A path behind is left out, a missing https:// is added; http is for a site that runs on one's own machine.
    Raises NotASite, TooManySites.
    """
    found = tuple(dict.fromkeys(_origin(line) for line in typed.split()))
    if len(found) > MOST_SITES:
        raise TooManySites(most=MOST_SITES)
    return found


def framers(origins: Iterable[str]) -> list[str]:
    """Return the sources that a frame-ancestors directive names for these sites, each with and without its www."""
    found: dict[str, None] = {}
    for origin in origins:
        scheme, _, host = origin.partition("://")
        found[origin] = None
        if host.startswith("www."):
            found[f"{scheme}://{host.removeprefix('www.')}"] = None
        elif "." in host.partition(":")[0] and host.partition(":")[0] not in AT_HOME:
            found[f"{scheme}://www.{host}"] = None
    return list(found)


def _origin(typed: str) -> str:
    written = typed.strip().lower()
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise NotASite(typed=typed[:80]) from None
    is_home = host in AT_HOME
    if not _HOST.fullmatch(host) or parts.username or ("." not in host and not is_home):
        raise NotASite(typed=typed[:80])
    if parts.scheme != "https" and not (parts.scheme == "http" and is_home):
        raise NotASite(typed=typed[:80])
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
