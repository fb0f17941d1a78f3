from tests.commands.conftest import CATALOGUE


def test_a_sound_file_passes(thamdinh):
    told = thamdinh("catalogue", "check", CATALOGUE)
    assert (told.code, told.err) == (0, "")


def test_every_problem_of_every_file_is_told_at_its_place(thamdinh, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(CATALOGUE.read_text(encoding="utf-8").replace("points = 10", "points = 11", 1), encoding="utf-8")
    not_utf8 = tmp_path / "latin.toml"
    not_utf8.write_bytes("điểm".encode("utf-16"))
    told = thamdinh("catalogue", "check", CATALOGUE, broken, not_utf8)
    assert told.code == 1
    assert f"thamdinh: {broken}:" in told.err
    assert str(not_utf8) in told.err
    absent = tmp_path / "absent.toml"
    assert thamdinh("catalogue", "check", absent).err == f"thamdinh: {absent}: không có tệp hoặc thư mục này\n"


def test_import_once_list_and_show(installed):
    assert installed("catalogue", "list", "--json").json == []
    assert "144 cơ quan mới" in installed("catalogue", "import", CATALOGUE).out
    assert "không có gì thay đổi" in installed("catalogue", "import", CATALOGUE).out
    assert [one["code"] for one in installed("catalogue", "list", "--json").json] == ["hanoi-5279-2025"]
    shown = installed("catalogue", "show", "hanoi-5279-2025", "--format", "json").json
    assert [(one["code"], one["total"], sum(len(group["indicators"]) for group in one["groups"])) for one in shown["sets"]] == [
        ("III", 350, 34),
        ("IV", 300, 47),
    ]
    assert "III.09" in installed("catalogue", "show", "hanoi-5279-2025").out
    assert installed("catalogue", "show", "nope").code == 1


def test_an_import_with_problems_writes_nothing(installed, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(CATALOGUE.read_text(encoding="utf-8").replace("points = 10", "points = 11", 1), encoding="utf-8")
    assert installed("catalogue", "import", broken).code == 1
    assert installed("organisation", "list", "--json").json == []


def test_organisations_keep_their_zeros_and_stand_in_vietnamese_order(installed):
    installed("catalogue", "import", CATALOGUE)
    listed = installed("organisation", "list", "--json").json
    assert len(listed) == 144
    assert set(listed[0]) == {"code", "name", "kind", "is_unit", "is_body", "aliases"}
    assert sum(one["is_unit"] for one in listed) == 143
    assert sum(one["is_body"] for one in listed) == 7
    assert "00004" in {one["code"] for one in listed}
    assert "00004" in installed("organisation", "list").out
