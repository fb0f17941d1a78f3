"""The council: disputes, conflicts, decisions, proposals; batches of moves; the acts on a whole assessment."""

from web.council import acts
from web.council.blueprint import blueprint

__all__ = ["acts", "blueprint"]
