"""Members, proposals, votes and minutes: who decides, and how it was counted."""
