"""Who may ask for which route: each route of ours has its line, so that none is open by accident.

EVERYBODY   guests too
KEYHOLDER   whoever has the signed link or the basket's cookie
PERSON      who is signed in, for their own things
STAFF       who has a role with the right in the enterprise at hand
STEWARD     stewards of the instance (in the demo, everybody)
DEMO        everybody, but the route is there in the demo only
"""

EVERYBODY, KEYHOLDER, PERSON = "everybody", "keyholder", "person"
STAFF, STEWARD, DEMO = "staff", "steward", "demo"

WHO_MAY = {
    "web:home": EVERYBODY,
    "web:farms": EVERYBODY,
    "web:farm": EVERYBODY,
    "web:commons": EVERYBODY,
    "web:sell": EVERYBODY,
    "web:legal": EVERYBODY,
    "web:source": EVERYBODY,
    "web:health": EVERYBODY,
    "web:robots": EVERYBODY,
    "web:styleguide": EVERYBODY,
    "web:styleguide_hub": EVERYBODY,
    "web:styleguide_paper": EVERYBODY,
    "web:account": PERSON,
    "web:demo": DEMO,
    "web:demo_session": DEMO,
    "orders:list": STAFF,
    "orders:show": STAFF,
    "orders:sheet": STAFF,
    "orders:payments": STAFF,
    "orders:refunds": STAFF,
    "orders:quantities": STAFF,
    "orders:weights": STAFF,
    "orders:cancellation": STAFF,
    "orders:resumption": STAFF,
    "network:account": PERSON,
    "network:profile": PERSON,
    "network:claims": PERSON,
    "network:data": PERSON,
    "network:new_address": PERSON,
    "network:address": PERSON,
    "network:address_deletion": PERSON,
    "messages:outbox": STEWARD,
    "messages:show": STEWARD,
    "messages:html": STEWARD,
}
