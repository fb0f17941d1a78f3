"""How often Python looks for cyclic garbage: seldom, where many objects are made at once and hardly any of them is garbage."""

import gc

SELDOM = (100_000, 50, 100)
"""Python looks after 700 new objects, a page over a season makes some hundred thousand: loading the demo takes a sixth less this way."""


def collect_seldom() -> None:
    """Leave alone what is there already, and look seldom from now on."""
    gc.freeze()
    gc.set_threshold(*SELDOM)
