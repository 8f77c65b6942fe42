"""How the cooperative decides: counting, colleges, the path of a proposal, ballots that anybody counts again.

Pure: exact fractions, no clock, no database. What is counted is published with `CODE`, so that whoever counts again knows
by which rules.
"""

CODE = "bocage-count/1"  # goes up whenever the same ballots could give another result
