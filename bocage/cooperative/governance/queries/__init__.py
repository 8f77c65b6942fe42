"""What others may ask of the cooperative."""

from bocage.cooperative.governance.queries.committees import Committee, Seated, committee, sits_on

__all__ = ["Committee", "Seated", "committee", "sits_on"]
