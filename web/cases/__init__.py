"""Cases: the list, one case, one item, submitting, explaining, evidence; and the routes of every move and act of one case."""

from web.cases import acts, evidence, explaining, items, moves, pages, people, submitting
from web.cases.blueprint import blueprint

__all__ = ["acts", "blueprint", "evidence", "explaining", "items", "moves", "pages", "people", "submitting"]
