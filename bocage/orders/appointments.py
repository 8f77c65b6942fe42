"""An appointment as calendars read it: one event of RFC 5545, small and complete."""

from __future__ import annotations

from datetime import UTC, datetime

WIDEST = 75  # octets per line, RFC 5545 §3.1


def event(
    *, uid: str, title: str, starts_at: datetime, ends_at: datetime, made_at: datetime,
    place: str = "", text: str = "", url: str = "", is_cancelled: bool = False,
) -> str:  # fmt: skip
    """Return a calendar with one event, its times in UTC, lines folded and ended as the standard says."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bocage//Pickup//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(made_at)}",
        f"DTSTART:{_moment(starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_text(title)}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        *([f"DESCRIPTION:{_text(text)}"] if text else []),
        *([f"URL:{url}"] if url else []),
        f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(said: str) -> str:
    escaped = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """Break a long line between characters, never inside one; what follows begins with a blank."""
    parts: list[bytes] = []
    current = b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > (WIDEST if not parts else WIDEST - 1):
            parts.append(current)
            current = b""
        current += octets
    return b"\r\n ".join([*parts, current]).decode()
