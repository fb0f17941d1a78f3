"""Who answers an act: a table in which each act of the law stands once, filled by the modules of the rooms."""

from collections.abc import Callable
from typing import Generic, TypeVar

from states.acts import BY_NAME
from states.refusal import NotFound

Handler = TypeVar("Handler")


class Handlers(Generic[Handler]):
    """Handlers by the names of acts."""

    def __init__(self) -> None:
        self._by_act: dict[str, Handler] = {}

    def __call__(self, *acts: str) -> Callable[[Handler], Handler]:
        """Register a handler for acts of `states.acts`; one act has one handler."""
        for name in acts:
            if name not in BY_NAME:
                raise ValueError(f"no act {name!r} in the law")
            if name in self._by_act:
                raise ValueError(f"act {name!r} has a handler already")

        def add(handler: Handler) -> Handler:
            self._by_act.update(dict.fromkeys(acts, handler))
            return handler

        return add

    def of(self, act: str) -> Handler:
        """Return the handler of an act; an act that nobody handles does not exist here."""
        if act not in self._by_act:
            raise NotFound
        return self._by_act[act]
