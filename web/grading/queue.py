"""`K/cham-diem`: every indicator one grades, how far it is, and what to do next."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.grading.blueprint import blueprint
from web.routing import page
from workflow.actor import Actor
from workflow.sheets.queue import FILTERS, JOINT, chosen, grading_queue


@page(blueprint, "/ky/<assessment>/cham-diem", action="see_queue")
def queue(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the queue, filtered by the word in the address."""
    sheet = grading_queue(session, actor, assessment)
    name = request.args.get("loc", "")
    counts = {one: len(chosen(sheet.lines, one)) for one in (*FILTERS, JOINT)}
    return render_template("grading/queue.html", sheet=sheet, lines=chosen(sheet.lines, name), filter=name, counts=counts)
