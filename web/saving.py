"""The moment of a save, as pages and their script show it: by the working clock, in Hanoi."""

from datetime import datetime

from werkzeug.wrappers import Response

from states.clocks import HANOI, local_day

HEADER = "X-Saved-At"


def saved_time(moment: datetime | None, now: datetime | None = None) -> str:
    """Return the time of day with its seconds: "10:42:07", the day behind it unless it is that of `now`; "" where nothing was saved."""
    if moment is None:
        return ""
    day = f", {moment.astimezone(HANOI):%d/%m/%Y}" if now and local_day(now) != local_day(moment) else ""
    return f"{moment.astimezone(HANOI):%H:%M:%S}{day}"


def saved_at(response: Response, moment: datetime | None) -> Response:
    """Put the time of the last save on an answer."""
    if moment is not None:
        response.headers[HEADER] = saved_time(moment)
    return response
