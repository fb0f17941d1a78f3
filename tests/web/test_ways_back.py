"""Where an address leads that only takes forms, and under which part of the house a page stands that came back from one."""

import re

import pytest

K = "/ky/2025"


@pytest.mark.parametrize(
    ("address", "above"),
    [
        (f"{K}/ho-so/00004/chuyen/submit", f"{K}/ho-so/00004"), (f"{K}/ho-so/00004/viec/decide", f"{K}/ho-so/00004"),
        (f"{K}/cham-diem/IV.09/00004", f"{K}/cham-diem/IV.09"), (f"{K}/thoi-han/gia-han", f"{K}/thoi-han"),
        ("/ky/chuan-bi/moi/rut/1", "/ky/chuan-bi/moi"),
    ],
)  # fmt: skip
def test_the_address_of_a_form_opened_anew_leads_to_its_page(as_demo, address, above):
    answer = as_demo("secretariat.skhcn").get(address)
    assert (answer.status_code, answer.location) == (303, above)


def test_an_address_without_a_page_above_says_that_it_takes_forms_only(app, people):
    assert app.test_client().get("/dang-xuat").status_code == 405


def test_a_program_that_asks_for_json_is_told_and_not_led_away(as_demo):
    answer = as_demo("secretariat.skhcn").get(f"{K}/thoi-han/gia-han", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (405, 405)


def test_the_other_language_of_a_refused_form_is_its_page(graded, as_demo):
    visitor = as_demo("grader.skhcn")
    refused = visitor.post(f"{K}/cham-diem/IV.09/00004", {"version": "0", "points": "abc"})
    assert refused.status_code == 422
    switch = re.search(r'<form method="post" action="/ngon-ngu">.*?</form>', refused.text, re.DOTALL)[0]
    assert f'name="next" value="{K}/cham-diem/IV.09"' in switch


def here(page):
    return re.findall(r'aria-current="page"[^>]*>([^<]+)<', page[page.index("<nav") :].split("</nav>")[0])


def test_a_refused_word_of_the_council_stands_under_the_council(graded, as_demo):
    member = as_demo("council.1")
    refused = member.post(f"{K}/ho-so/00004/viec/decide", {"code": "IV.09", "points": "3", "reason": "x", "seen": "0"})
    assert refused.status_code == 422
    assert here(refused.text) == here(member.get(f"{K}/hoi-dong").text) != []


@pytest.mark.parametrize(("address", "tab"), [("nguoi-dung", "Người dùng"), ("co-quan", "Cơ quan"), ("thu", "Nhật ký thư")])
def test_every_page_of_the_admin_stands_under_it(season, as_demo, address, tab):
    page = as_demo("admin").get(f"/quan-tri/{address}").text
    assert here(page) == ["Quản trị"]
    assert re.findall(r'aria-current="page"[^>]*>([^<]+)<', page) == ["Quản trị", tab]
