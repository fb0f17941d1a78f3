"""Before and after handing in: the check list with the head's declaration, the receipt, and the public word on a receipt's code."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from states.case import CaseState
from states.refusal import NotFound
from web.cases.blueprint import blueprint
from web.cases.replies import Told
from web.plain_text import row_number
from web.routing import PUBLIC, page
from web.saving import saved_time
from workflow.actor import Actor
from workflow.receipts import folded_code, is_number, is_valid, receipt_of
from workflow.sheets.case import case_sheet
from workflow.sheets.checklist import checklist

LONGEST_CODE = 100
"""More than any code has, with whatever it is grouped by."""


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/nop", action="see_case")
def show_check(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show what is missing before the case can be handed in, and the declaration; a case that was handed in shows its receipt."""
    return check_page(session, actor, assessment, unit)


def check_page(
    session: Session, actor: Actor, assessment: str, unit: str, *, declared: Sequence[str] = (), problems: Told | None = None
) -> ResponseReturnValue:
    """Return the check list; refused (422) with the ticks as they were. A second click on "submit" ends at the receipt of the first."""
    sheet = checklist(session, actor, assessment, unit)
    if sheet.case.head.state is not CaseState.DRAFT:
        return redirect(url_for("cases.show_receipt", assessment=assessment, unit=unit), 303)
    shown = render_template("cases/check.html", sheet=sheet, declared=declared, problems=problems or [])
    return (shown, 422) if problems else shown


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/bien-nhan", action="see_case")
def show_receipt(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:
    """Show the receipt of the newest submission, or of the one that `lan` numbers."""
    receipt = receipt_of(session, actor, assessment, unit, row_number(request.args.get("lan")))
    sheet = case_sheet(session, actor, assessment, unit)
    return render_template("cases/receipt.html", sheet=sheet, receipt=receipt, seconds=saved_time(receipt.at)[5:])


@page(blueprint, "/bien-nhan", action=PUBLIC)
def ask_receipt(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Ask for a receipt's code, as it is printed; and go to the word on it."""
    typed = request.args.get("ma", "").strip()
    if is_number(typed):
        return render_template("cases/receipt_word.html", number=typed)
    code = folded_code(typed)[:LONGEST_CODE]
    return redirect(url_for("cases.check_receipt", code=code), 303) if code else render_template("cases/receipt_word.html")


@page(blueprint, "/bien-nhan/<code>", action=PUBLIC)
def check_receipt(session: Session, actor: Actor, code: str) -> ResponseReturnValue:  # noqa: ARG001
    """Say whether a receipt's code is valid, and nothing else."""
    if len(code) > LONGEST_CODE:
        raise NotFound
    return render_template("cases/receipt_word.html", valid=is_valid(session, code), code=code)
