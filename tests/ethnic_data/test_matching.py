"""Names of groups as files write them."""

import unicodedata

import pytest

from ethnic_data.matching import resolve_group
from ethnic_data.models import EthnicGroup, GroupAlias, group_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tày", "02"),
        ("TÀY", "02"),
        (unicodedata.normalize("NFD", "Nùng"), "07"),
        ("Khơ-me", "05"),
        ("Khme", "05"),
        ("Hmông", "08"),
        ("H'Mông", "08"),
        ("H’mông", "08"),
        ("Mông", "08"),
        ("Gia-rai", "10"),
        ("Ê-đê", "12"),
        ("Sán Chí", "15"),
        ("Cao Lan", "15"),
        ("Sán Rìu", "18"),
        ("Rắc Glây", "21"),
        ("Stiêng", "22"),
        ("Bru-Vân Kiều", "23"),
        ("Ta-ôi", "31"),
        ("La Chi", "38"),
        ("Giẻ Triêng", "27"),
        ("Rơ-măm", "54"),
        ("Co Ho", "16"),
        ("dân tộc Dao", "09"),
        ("Người Hoa", "04"),
        ("3. Sán Dìu", "18"),
        ("- Nùng", "07"),
        ("DT Kinh", "01"),
        ("Dân tộc khác", "98"),
        ("Dân tộc thiểu số khác", "98"),
        ("Người nước ngoài", "55"),
        ("Không xác định", "99"),
        ("Sán Chay (Sán Chí + Cao Lan, merged cell)", "15"),
        ("\u00a0Kinh\u00a0", "01"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(text, code):
    assert resolve_group(text).group.code == code


def test_every_official_name_names_its_own_group_exactly():
    for group in EthnicGroup.objects.all():
        match = resolve_group(group.name)
        assert (match.group, match.exact) == (group, True)


def test_the_official_name_wins_over_another_groups_alias():
    match = resolve_group("Thổ")
    assert match.group.code == "24"
    assert match.exact


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Trại", {"09", "18"}),
        ("Xá Lá Vàng", {"24", "41", "44", "45"}),
        ("La Quả", {"38", "51"}),
        ("Mun Di", {"42", "43"}),
    ],
)
def test_a_name_that_groups_share_asks(text, codes):
    match = resolve_group(text)
    assert match.group is None
    assert match.needs_confirmation
    assert {group.code for group in match.candidates} == codes
    assert all(alias.needs_confirmation for alias in GroupAlias.objects.filter(key=group_key(text)))


@pytest.mark.parametrize("text", ["", "  ", "07", "6", "(2)", "Tổng số", "Nung Nung", "???"])
def test_what_names_nobody_finds_nobody(text):
    match = resolve_group(text)
    assert match.group is None
    assert match.candidates == ()


def test_a_local_group_is_told_with_its_group():
    match = resolve_group("Cao Lan")
    assert (match.group.name, match.local_group.name) == ("Sán Chay", "Cao Lan")


def test_marks_tell_apart_what_they_tell_apart():
    assert resolve_group("Xá").group.name == "Dao"
    assert resolve_group("Xạ").group.name == "Giáy"
    assert {group.name for group in resolve_group("xa").candidates} == {"Dao", "Giáy"}
