"""The moment of a save, as pages and their script show it: by the working clock, in Hanoi."""

from datetime import datetime

from werkzeug.wrappers import Response

from states.clocks import HANOI

HEADER = "X-Saved-At"


def saved_time(moment: datetime | None) -> str:
    """Return the time of day with its seconds: "10:42:07"; nothing where nothing was saved."""
    return f"{moment.astimezone(HANOI):%H:%M:%S}" if moment else ""


def saved_at(response: Response, moment: datetime | None) -> Response:
    """Put the time of the last save on an answer."""
    if moment is not None:
        response.headers[HEADER] = saved_time(moment)
    return response
