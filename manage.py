#!/usr/bin/env python
"""Run a management command, for those used to Django's name for it; `bocage` does the same."""

from bocage.web.command import main

if __name__ == "__main__":
    main()
