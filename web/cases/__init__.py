"""Cases: the list, one case, one item, submitting, explaining, evidence; and the routes of every move and act of one case."""

from web.cases import acts
from web.cases.blueprint import blueprint

__all__ = ["acts", "blueprint"]
