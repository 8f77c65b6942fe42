"""The members' house: what is decided, how it was counted, who belongs."""
