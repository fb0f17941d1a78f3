"""The admin's pages through the browser."""

import pytest
from sqlalchemy import select

from models.session import reading, transaction
from models.tables import Event, Membership, Notification, OneTimeToken, Person
from workflow.actor import SYSTEM
from workflow.people import person_sheet

FORM = {"name": "Đặng Mới", "email": "moi@unit.example", "role": "unit_staff", "organisation": "00004", "title": "Công chức", "phone": ""}
TABLE = "Họ tên\tThư\tVai\tCơ quan\nĐặng Mới\tmoi@unit.example\tCán bộ nhập\t00004\nLý Hai\thai@unit.example\tLãnh đạo đơn vị\t00008"


@pytest.fixture
def admin(signed_in):
    return signed_in("quantri@tp.example")


def test_the_list_is_searched_without_marks_and_filtered(admin):
    page = admin.get("/quan-tri/nguoi-dung?q=ba+dinh")
    assert "Nguyễn Văn An" in page.text
    assert "Vũ Chủ Tịch" not in page.text
    page = admin.get("/quan-tri/nguoi-dung?vai=chair")
    assert "Vũ Chủ Tịch" in page.text
    assert "Nguyễn Văn An" not in page.text
    assert "Không tìm thấy ai" in admin.get("/quan-tri/nguoi-dung?q=khong-co-ai&trang=7").text
    assert admin.get("/quan-tri/nguoi-dung?trang=x").status_code == 200


def test_adding_a_person_sends_the_invitation(admin, engine):
    sent = admin.post("/quan-tri/nguoi-dung/them", FORM)
    assert sent.status_code == 303
    page = admin.get(sent.location)
    assert "Đã thêm Đặng Mới và gửi thư mời." in page.text
    assert "Chưa nhận lời mời" in page.text
    with reading(engine) as session:
        assert session.query(Notification).filter_by(kind="invitation").count() == 1


def test_a_wrong_form_comes_back_with_what_was_typed(admin):
    answer = admin.post("/quan-tri/nguoi-dung/them", FORM | {"email": "an@unit.example", "organisation": "XYZ", "valid_from": "31/02/2025"})
    assert answer.status_code == 422
    assert 'value="Đặng Mới"' in answer.text
    answer = admin.post("/quan-tri/nguoi-dung/them", FORM | {"email": "an@unit.example", "organisation": "XYZ"})
    assert "Đã có tài khoản với địa chỉ an@unit.example." in answer.text
    assert "Không có cơ quan mã hoặc tên “XYZ”." in answer.text
    assert 'value="XYZ"' in answer.text


def test_stored_text_is_never_markup(admin):
    evil = "<img src=x onerror=alert(1)>{{7*7}}%(x)s"
    sent = admin.post("/quan-tri/nguoi-dung/them", FORM | {"name": evil, "title": evil})
    page = admin.get(sent.location)
    assert evil not in page.text
    assert "&lt;img src=x" in page.text
    assert "{{7*7}}%(x)s" in page.text


def test_a_person_is_disabled_and_let_in_again(admin, people, signed_in):
    path = f"/quan-tri/nguoi-dung/{people['an@unit.example']}"
    there = signed_in("an@unit.example")
    assert admin.post(f"{path}/khoa").status_code == 303
    assert "Đã khóa" in admin.get(path).text
    assert there.get("/vai-tro").status_code == 303
    assert admin.post(f"{path}/mo-lai").status_code == 303
    assert "Đang dùng" in admin.get(path).text


def test_nobody_locks_oneself_out(admin, people):
    path = f"/quan-tri/nguoi-dung/{people['quantri@tp.example']}"
    assert "Không thể tự khóa" in admin.get(path).text
    answer = admin.post(f"{path}/khoa")
    assert answer.status_code == 409
    assert "Không thể tự khóa tài khoản của chính mình." in answer.text


def test_roles_are_given_and_ended(admin, people, engine):
    path = f"/quan-tri/nguoi-dung/{people['khongvai@tp.example']}"
    assert "Chưa có vai nào" in admin.get(path).text
    assert admin.post(f"{path}/vai", {"role": "auditor", "organisation": "nope"}).status_code == 422
    assert admin.post(f"{path}/vai", {"role": "auditor", "organisation": "UBNDTP", "valid_to": "2031-05-01"}).status_code == 303
    assert "đến hết 01/05/2031" in admin.get(path).text
    with reading(engine) as session:
        held = session.query(Membership).filter_by(person_id=people["khongvai@tp.example"]).one().id
    assert admin.post(f"/quan-tri/vai/{held}/ket-thuc").status_code == 303
    assert "Đã kết thúc" in admin.get(path).text
    assert admin.post("/quan-tri/vai/99999/ket-thuc").status_code == 404


def test_the_invitation_goes_again(admin, engine, people):
    path = admin.post("/quan-tri/nguoi-dung/them", FORM).location
    assert admin.post(f"{path}/moi-lai").status_code == 303
    assert admin.post(f"/quan-tri/nguoi-dung/{people['an@unit.example']}/moi-lai").status_code == 409


def test_a_table_is_looked_at_before_it_is_applied(admin, engine):
    def number():
        with reading(engine) as session:
            return session.query(Person).count()

    before = number()
    looked = admin.post("/quan-tri/nguoi-dung/bang", {"table": TABLE})
    assert (looked.status_code, number()) == (200, before)
    assert "2 người sẽ được thêm." in looked.text
    applied = admin.post("/quan-tri/nguoi-dung/bang", {"table": TABLE, "apply": "1"})
    assert (applied.status_code, number()) == (303, before + 2)
    again = admin.post("/quan-tri/nguoi-dung/bang", {"table": TABLE, "apply": "1"})
    assert (again.status_code, number()) == (422, before + 2)
    assert again.text.count("Đã có tài khoản") == 2
    assert "moi@unit.example\t" in again.text  # the table is kept for mending
    assert admin.post("/quan-tri/nguoi-dung/bang", {"table": ""}).status_code == 422


def test_organisations_are_found_and_renamed(admin, engine):
    assert "Phường Hoàn Kiếm" not in admin.get("/quan-tri/co-quan?q=ba+dinh").text
    assert "Không tìm thấy cơ quan nào" in admin.get("/quan-tri/co-quan?q=zzz").text
    sent = admin.post("/quan-tri/co-quan/00004", {"name": "Phường Ba Đình mới", "short_name": "Ba Đình", "aliases": "P. Ba Đình\r\nP.BĐ"})
    assert sent.status_code == 303
    page = admin.get(sent.location)
    assert "Phường Ba Đình mới" in page.text
    assert "P. Ba Đình\nP.BĐ" in page.text
    assert "Lịch sử sửa tên" in page.text
    wrong = admin.post("/quan-tri/co-quan/00004", {"name": "Phường Hoàn Kiếm", "short_name": "", "aliases": "Tên khác"})
    assert wrong.status_code == 422
    assert "Tên khác" in wrong.text
    assert admin.get("/quan-tri/co-quan/nope").status_code == 404


def test_what_the_admin_does_is_in_the_chain(admin, engine, people):
    from workflow.auditing import breaks

    admin.post("/quan-tri/nguoi-dung/them", FORM)
    with transaction(engine) as session:
        assert list(breaks(session)) == []
        assert person_sheet(session, SYSTEM, people["an@unit.example"]).line.name == "Nguyễn Văn An"


def test_what_is_said_of_a_person_is_corrected_and_the_old_address_opens_nothing(season, as_demo, engine):
    admin = as_demo("admin")
    new = {"name": "Lê Thị Sai", "email": "sai@demo.example", "role": "unit_staff", "organisation": "00004"}
    at = admin.post("/quan-tri/nguoi-dung/them", new).location
    with reading(engine) as session:
        first = session.scalars(select(OneTimeToken).order_by(OneTimeToken.id.desc())).first().id
    wrong = admin.post(f"{at}/sua", {"name": "", "email": "head.00004@demo.example", "title": "Chuyên viên", "phone": ""})
    assert wrong.status_code == 422
    for said in ("Nhập họ và tên.", "Đã có tài khoản với địa chỉ head.00004@demo.example.", 'value="Chuyên viên"'):
        assert said in wrong.text, said
    right = {"name": "Lê Thị Đúng", "email": "dung@demo.example", "title": "Chuyên viên", "phone": "024 1234 5678"}
    assert admin.post(f"{at}/sua", right).status_code == 303
    page = admin.get(at).text
    for said in ("Lê Thị Đúng", "dung@demo.example", "Chuyên viên", "024 1234 5678"):
        assert said in page, said
    with reading(engine) as session:
        tokens = session.scalars(select(OneTimeToken).order_by(OneTimeToken.id)).all()
        assert [token.used_at is None for token in tokens if token.id >= first] == [False, True]  # invited once more, at the new address
        noted = session.scalars(select(Event).where(Event.act == "change_person")).one()
        assert noted.payload == {"changed": ["email", "name", "title", "phone"]}
    assert as_demo("secretariat.skhcn").get(f"{at}/sua").status_code == 404


def test_a_role_does_not_end_before_it_begins(season, as_demo, engine):
    answer = as_demo("admin").post(
        "/quan-tri/nguoi-dung/them",
        {"name": "A", "email": "a@demo.example", "role": "unit_staff", "organisation": "00004", "valid_from": "31/12/2027",
         "valid_to": "01/01/2027"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu." in answer.text
    with reading(engine) as session:
        assert session.scalar(select(Person.id).where(Person.email == "a@demo.example")) is None


def test_an_organisation_is_found_by_its_name_as_well_as_by_its_code(season, as_demo):
    admin = as_demo("admin")
    for typed, email in (("phuong ba dinh", "mot@x.example"), ("00004", "hai@x.example"), ("Ba Đình", "ba@x.example")):
        made = admin.post("/quan-tri/nguoi-dung/them", {"name": "Người Mới", "email": email, "role": "unit_staff", "organisation": typed})
        assert made.status_code == 303, made.text
        assert "Phường Ba Đình" in admin.get(made.location).text
