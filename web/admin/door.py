"""The blueprint of `/quan-tri` and the tabs on top of its pages."""

from flask import Blueprint, g

from states.words import N_
from web.navigation import Link, shown

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")

TABS = (
    Link(N_("Người dùng"), "/quan-tri/nguoi-dung", ("manage_people", "help_sign_in")),
    Link(N_("Cơ quan"), "/quan-tri/co-quan", ("manage_organisations",)),
    Link(N_("Bộ chỉ số"), "/quan-tri/bo-chi-so", ("import_catalogue",)),
    Link(N_("Nhật ký thư"), "/quan-tri/thu", ("see_mail_log",)),
)
"""One row per part; those whose page does not exist, or is not for this role, are not shown."""


@blueprint.context_processor
def tabs() -> dict[str, object]:
    """Hand the tabs to every page of the admin."""
    known = g.get("visitor")
    return {"admin_tabs": [(label, path, here) for label, path, here, _ in shown(TABS, known.actor if known else None)]}
