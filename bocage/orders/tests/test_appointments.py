"""Calendar entries as RFC 5545 wants them."""

from datetime import UTC, datetime

from bocage.orders.appointments import event

AT = {
    "uid": "order-R7K2@bocage.example",
    "starts_at": datetime(2026, 10, 9, 14, 30, tzinfo=UTC),
    "ends_at": datetime(2026, 10, 9, 17, 0, tzinfo=UTC),
    "made_at": datetime(2026, 10, 6, 7, 14, tzinfo=UTC),
}


def test_an_entry_is_whole():
    assert event(title="Retrait", **AT) == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bocage//Pickup//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n"
        "UID:order-R7K2@bocage.example\r\nDTSTAMP:20261006T071400Z\r\nDTSTART:20261009T143000Z\r\n"
        "DTEND:20261009T170000Z\r\nSUMMARY:Retrait\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_commas_semicolons_and_new_lines_are_escaped():
    made = event(title="A; B, C\\D", text="un\r\ndeux", **AT)

    assert "SUMMARY:A\\; B\\, C\\\\D\r\n" in made
    assert "DESCRIPTION:un\\ndeux\r\n" in made


def test_long_lines_are_folded_between_characters():
    made = event(title="é" * 100, **AT)

    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert f"SUMMARY:{'é' * 100}\r\n" in made.replace("\r\n ", "")
