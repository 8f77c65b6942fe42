"""Who may ask for which route: each route of ours has its line, so that none is open by accident.

EVERYBODY   guests too
KEYHOLDER   whoever has the signed link or the basket's cookie
PERSON      who is signed in, for their own things
STAFF       who has a role with the right in the enterprise at hand
STEWARD     stewards of the instance (in the demo, everybody)
"""

EVERYBODY, KEYHOLDER, PERSON, STAFF, STEWARD = "everybody", "keyholder", "person", "staff", "steward"

WHO_MAY = {
    "messages:outbox": STEWARD,
    "messages:show": STEWARD,
    "messages:html": STEWARD,
}
