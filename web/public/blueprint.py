"""The blueprint of the public pages and the links on top of them."""

from typing import Any

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from web.visitor import visitor

blueprint = Blueprint("public", __name__)


@blueprint.context_processor
def public_links() -> dict[str, Any]:
    """Give strangers the public links; who is signed in keeps his or her own."""
    if visitor() is not None:
        return {}
    newest = g.get("newest")
    links = [(_("Phương pháp"), url_for("public.method")), (_("Lịch đánh giá"), url_for("public.calendar"))]
    if newest is None:
        links.insert(0, (_("Trang đầu"), url_for("public.home")))
    else:
        links.insert(0, (_("Kết quả %(year)s", year=newest[1]), url_for("public.ranking", assessment=newest[0])))
    return {"nav": [(label, path, _is_here(path), 0) for label, path in links]}


def _is_here(path: str) -> bool:
    return request.path == path or (path != "/" and request.path.startswith(f"{path}/"))
