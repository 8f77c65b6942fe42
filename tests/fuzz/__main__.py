"""Price many random baskets in processes: `python -m tests.fuzz [how many] [first number]`; exits 1 if any differs."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import Pool

PART = 5000


def main() -> int:
    """Price the baskets, print each that differs and how long it took; return the exit status."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    started, wrong = time.monotonic(), 0
    parts = [(start, min(start + PART, first + count)) for start in range(first, first + count, PART)]
    with Pool(os.cpu_count(), initializer=_set_up) as pool:
        for found in pool.imap_unordered(_differing, parts):
            for number, said in found:
                wrong += 1
                sys.stdout.write(f"basket {number}: {said}\n")
    sys.stdout.write(f"{count:,} baskets, {wrong} that differ, {time.monotonic() - started:.0f} s\n")
    return 1 if wrong else 0


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()


def _differing(part: tuple[int, int]) -> list[tuple[int, dict[str, int]]]:
    from tests.fuzz.baskets import differences

    found = ((number, differences(number)) for number in range(*part))
    return [(number, said) for number, said in found if said]


if __name__ == "__main__":
    sys.exit(main())
