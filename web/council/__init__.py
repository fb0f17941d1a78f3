"""The council: disputes, conflicts, decisions, proposals; batches of moves; the acts on a whole assessment."""

from web.council import acts, batches, case_acts, page, season_acts
from web.council.blueprint import blueprint

__all__ = ["acts", "batches", "blueprint", "case_acts", "page", "season_acts"]
