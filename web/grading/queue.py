"""`K/cham-diem`: every indicator one grades (or, with `theo=ho-so`, every case), how far it is, and what to do next."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.grading.blueprint import blueprint
from web.grading.looked import BY_CASE
from web.routing import page
from workflow.actor import Actor
from workflow.sheets.queue import FILTERS, JOINT, chosen, grading_queue


@page(blueprint, "/ky/<assessment>/cham-diem", action="see_queue")
def queue(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the queue, filtered by the word in the address."""
    by_case = request.args.get("theo") == BY_CASE
    sheet = grading_queue(session, actor, assessment, by_case=by_case)
    name = request.args.get("loc", "")
    counts = {one: len(chosen(sheet.lines, one)) for one in (*FILTERS, JOINT)}
    return render_template(
        "grading/queue.html", sheet=sheet, lines=chosen(sheet.lines, name), filter=name, counts=counts, by_case=by_case
    )  # fmt: skip
