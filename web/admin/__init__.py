"""The admin's pages: people, many at once, organisations. Other parts of `/quan-tri` hang their pages on the same blueprint."""

from web.admin import catalogues, organisations, people, people_table
from web.admin.door import TABS, blueprint

__all__ = ["TABS", "blueprint", "catalogues", "organisations", "people", "people_table"]
