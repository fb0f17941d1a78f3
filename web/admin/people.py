"""People: the list, one person, adding, disabling, memberships."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.permissions import may
from states.refusal import Problem, Refused
from web.account_forms import problems_of
from web.admin.door import blueprint
from web.admin.forms import AboutPersonForm, MembershipForm, PersonForm, role_choices
from web.language import say
from web.plain_text import row_number
from web.routing import page
from workflow.actor import Actor
from workflow.memberships import NewMembership, add_membership, end_membership
from workflow.people import (
    FINDING,
    HELP,
    NewPerson,
    add_person,
    change_person,
    disable_person,
    enable_person,
    find_people,
    invite_again,
    person_sheet,
)
from workflow.unlocking import unlock_sign_in

MANAGE = "manage_people"


@page(blueprint, "/nguoi-dung", action=FINDING)
def people(session: Session, actor: Actor) -> ResponseReturnValue:
    """Show the people, searched and filtered by the address line."""
    search, role = request.args.get("q", ""), request.args.get("vai", "")
    found = find_people(session, actor, search, role, row_number(request.args.get("trang")) or 1)
    return render_template("admin/people.html", found=found, search=search, role=role, roles=role_choices(), manages=_manages(actor))


@page(blueprint, "/nguoi-dung/<int:person>", action=FINDING)
def person_page(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Show one person."""
    return _person(session, actor, person, MembershipForm(formdata=None), [])


def _person(session: Session, actor: Actor, person: int, form: MembershipForm, problems: list[tuple[str, str]]) -> str:
    sheet = person_sheet(session, actor, person)
    return render_template(
        "admin/person.html", sheet=sheet, form=form, problems=problems, oneself=person == actor.person_id, manages=_manages(actor)
    )


def _manages(actor: Actor) -> bool:
    return may(actor.role, MANAGE)


@page(blueprint, "/nguoi-dung/them", action=MANAGE)
def new_person(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show the form for one more person."""
    return render_template("admin/new_person.html", form=PersonForm(formdata=None), problems=[])


@page(blueprint, "/nguoi-dung/them", action=MANAGE, methods=["POST"])
def add_one(session: Session, actor: Actor) -> ResponseReturnValue:
    """Add a person with one membership and send the invitation."""
    form = PersonForm()
    problems = _date_problems(form)
    if not problems:
        try:
            person = add_person(session, actor, replace(_about(form), memberships=(_membership(form),)))
        except Refused as refused:
            problems = said(refused)
        else:
            flash(_("Đã thêm %(name)s và gửi thư mời.", name=form.name.data))
            return redirect(url_for("admin.person_page", person=person), 303)
    return render_template("admin/new_person.html", form=form, problems=problems), 422


@page(blueprint, "/nguoi-dung/<int:person>/sua", action=MANAGE)
def edit_person(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Show what is said of a person, to be corrected."""
    sheet = person_sheet(session, actor, person)
    form = AboutPersonForm(formdata=None, name=sheet.line.name, email=sheet.line.email, title=sheet.line.title, phone=sheet.phone)
    return render_template("admin/edit_person.html", sheet=sheet, form=form, problems=[])


@page(blueprint, "/nguoi-dung/<int:person>/sua", action=MANAGE, methods=["POST"])
def change(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Correct name, address, title and phone."""
    form = AboutPersonForm()
    problems = [] if form.validate() else problems_of(form)
    if not problems:
        try:
            change_person(session, actor, person, _about(form))
        except Refused as refused:
            session.rollback()
            problems = said(refused)
        else:
            flash(_("Đã sửa thông tin của %(name)s.", name=form.name.data))
            return redirect(url_for("admin.person_page", person=person), 303)
    return render_template("admin/edit_person.html", sheet=person_sheet(session, actor, person), form=form, problems=problems), 422


@page(blueprint, "/nguoi-dung/<int:person>/vai", action=MANAGE, methods=["POST"])
def give_role(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Give a person one more membership."""
    form = MembershipForm()
    problems = _date_problems(form)
    if not problems:
        try:
            add_membership(session, actor, person, _membership(form))
        except Refused as refused:
            problems = said(refused)
        else:
            flash(_("Đã giao vai."))
            return redirect(url_for("admin.person_page", person=person), 303)
    return _person(session, actor, person, form, problems), 422


@page(blueprint, "/vai/<int:membership>/ket-thuc", action=MANAGE, methods=["POST"])
def end_role(session: Session, actor: Actor, membership: int) -> ResponseReturnValue:
    """End a membership."""
    person = end_membership(session, actor, membership)
    flash(_("Đã kết thúc vai."))
    return redirect(url_for("admin.person_page", person=person), 303)


@page(blueprint, "/nguoi-dung/<int:person>/khoa", action=MANAGE, methods=["POST"])
def disable(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Close an account; its sessions end at once."""
    disable_person(session, actor, person)
    flash(_("Đã khóa tài khoản; mọi phiên đang mở đã kết thúc."))
    return redirect(url_for("admin.person_page", person=person), 303)


@page(blueprint, "/nguoi-dung/<int:person>/mo-lai", action=MANAGE, methods=["POST"])
def enable(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Open an account again."""
    enable_person(session, actor, person)
    flash(_("Đã mở lại tài khoản."))
    return redirect(url_for("admin.person_page", person=person), 303)


@page(blueprint, "/nguoi-dung/<int:person>/mo-khoa", action=HELP, methods=["POST"])
def unlock(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Let somebody try to sign in again at once, after too many wrong passwords."""
    unlock_sign_in(session, actor, person)
    flash(_("Đã mở khóa đăng nhập; người này thử lại được ngay."))
    return redirect(url_for("admin.person_page", person=person), 303)


@page(blueprint, "/nguoi-dung/<int:person>/moi-lai", action=HELP, methods=["POST"])
def invite(session: Session, actor: Actor, person: int) -> ResponseReturnValue:
    """Send the invitation once more."""
    invite_again(session, actor, person)
    flash(_("Đã gửi lại thư mời; liên kết cũ không còn dùng được."))
    return redirect(url_for("admin.person_page", person=person), 303)


def _about(form: AboutPersonForm) -> NewPerson:
    email, name, title, phone = (field.data or "" for field in (form.email, form.name, form.title, form.phone))
    return NewPerson(email, name, title, phone)


def _membership(form: MembershipForm) -> NewMembership:
    role, organisation, assessment = ((field.data or "").strip() for field in (form.role, form.organisation, form.assessment))
    return NewMembership(role, organisation, assessment, valid_from=form.valid_from.data, valid_to=form.valid_to.data)


def _date_problems(form: MembershipForm) -> list[tuple[str, str]]:
    return [] if form.validate() else problems_of(form)


def said(refused: Refused) -> list[tuple[str, str]]:
    """Return the problems of a refusal as (place, sentence)."""
    return [(problem.place, say(Problem(problem.text, params=problem.params))) for problem in refused.problems]
