"""How the machine is: what recurs, what could not be delivered; for the stewards of the instance."""
