"""Guards of the roll: a line may say that somebody voted, once; it never changes otherwise, and never goes away."""

from bocage.infra.frozen import SAID, Guard, stays

TABLE = "governance_rollentry"
_KEPT = ("id", "vote_id", "member_id", "college", "name", "number")
_SAME = " AND ".join(f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in _KEPT)
_LITE = _SAME.replace("IS NOT DISTINCT FROM", "IS")
GUARDS = [
    Guard(
        f"{TABLE}_only_voted",
        TABLE,
        {
            "sqlite": [
                f'CREATE TRIGGER "{TABLE}_only_voted" BEFORE UPDATE ON "{TABLE}" '
                f"WHEN NOT ({_LITE} AND NOT OLD.has_voted AND NEW.has_voted) "
                f"BEGIN SELECT RAISE(ABORT, '{SAID % TABLE}'); END"
            ],
            "postgresql": [
                f'CREATE TRIGGER "{TABLE}_only_voted" BEFORE UPDATE ON "{TABLE}" FOR EACH ROW '
                f"WHEN (NOT ({_SAME} AND NOT OLD.has_voted AND NEW.has_voted)) EXECUTE FUNCTION bocage_frozen()"
            ],
        },
    ),
    *stays(TABLE),
]
