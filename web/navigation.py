"""The links of the header: one row each, shown to whom the matrix lets in, and only where the page exists."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from states.permissions import may
from states.words import N_
from web.language import say
from web.security import HOME
from workflow.actor import Actor


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its words, its path ("{K}" stands for the season's pages) and the actions any of which opens it.

    Pages of the blueprint `room` stand under it wherever their address begins: grading a case is grading.
    So does whatever sets `g.room`: a page of the council that comes back from an address of a case.
    A link whose path is only the first page of a part stands `over` the addresses of all of it.
    """

    label: str
    path: str
    actions: tuple[str, ...]
    room: str = ""
    over: str = ""


LINKS = (
    Link(N_("Việc của tôi"), HOME, ("see_work",)),
    Link(N_("Hồ sơ"), "{K}/ho-so", ("see_case", "see_submitted_case", "see_case_progress")),
    Link(N_("Chấm điểm"), "{K}/cham-diem", ("see_queue",), "grading"),
    Link(N_("Hội đồng"), "{K}/hoi-dong", ("see_council",), "council"),
    Link(N_("Tiến độ"), "{K}/tien-do", ("see_progress",)),
    Link(N_("Thời hạn"), "{K}/thoi-han", ("see_deadlines",)),
    Link(N_("Công bố"), "{K}/cong-bo", ("see_draft_ranking",)),
    Link(N_("Nhật ký"), "{K}/nhat-ky", ("see_journal",)),
    Link(N_("Kỳ đánh giá"), "/ky/chuan-bi", ("prepare_assessment",)),
    Link(N_("Quản trị"), "/quan-tri/nguoi-dung", ("manage_people", "help_sign_in"), over="/quan-tri"),
)
ROOMS = {link.room for link in LINKS if link.room}
RESULTS = Link(N_("Kết quả"), "/", ())
STRANGERS = (RESULTS, Link(N_("Phương pháp"), "/phuong-phap", ()), Link(N_("Lịch đánh giá"), "/lich", ()))
"""What somebody not signed in is offered."""


def shown(links: Iterable[Link], actor: Actor | None) -> list[tuple[str, str, bool, int]]:
    """Return (label, address, here, count) of the links open to the actor, as `base.html` reads them."""
    found = []
    for link in links:
        path = _path(link)
        if path and (not link.actions or (actor and any(may(actor.role, action) for action in link.actions))):
            found.append((say(link.label), path, _is_here(link, path), 0))
    return found


def _path(link: Link) -> str:
    """Return the address; nothing where there is no season yet or no such page."""
    season = (request.view_args or {}).get("assessment") or g.get("season", "")
    if "{K}" in link.path and not season:
        return ""
    path = link.path.replace("{K}", f"/ky/{season}")
    try:
        current_app.url_map.bind("localhost").match(path)
    except HTTPException:
        return ""
    return path


def _is_here(link: Link, path: str) -> bool:
    room = g.get("room", request.blueprint)
    if room in ROOMS:
        return bool(link.room == room)
    part = link.over or path
    return request.path == path or (path != "/" and request.path.startswith(f"{part}/"))
