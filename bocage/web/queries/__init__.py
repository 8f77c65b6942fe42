"""Reads across all apps for the pages that belong to none of them, as typed rows."""

from bocage.web.queries.directory import Directory, HubRow, directory
from bocage.web.queries.farms import FarmPage, FarmRow, farm_page, farms
from bocage.web.queries.figures import Figures, figures
from bocage.web.queries.places import Place, place_named, town_names
from bocage.web.queries.sales import Sale, sales_of

__all__ = [
    "Directory",
    "FarmPage",
    "FarmRow",
    "Figures",
    "HubRow",
    "Place",
    "Sale",
    "directory",
    "farm_page",
    "farms",
    "figures",
    "place_named",
    "sales_of",
    "town_names",
]
