"""Made-up texts of many kinds that depart from nothing, and every way to spoil them."""

import pytest

from tests.reports.linter.known import TEXTS, departures, read, told
from tests.reports.linter.mutations import MUTATIONS

CLEAN = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))}
SPOILT = [
    pytest.param(code, spoilt, id=f"{name} in {stem}")
    for name, code, mutate in MUTATIONS
    for stem, text in CLEAN.items()
    if (spoilt := mutate(text)) is not None and spoilt != text
]


def test_there_are_ten_kinds_of_clean_texts():
    kinds = {read(text).type_name for text in CLEAN.values()}
    assert len(CLEAN) >= 10
    assert {"Báo cáo", "Kế hoạch", "Công văn", "Quyết định", "Tờ trình", "Thông báo"} <= kinds


@pytest.mark.parametrize("stem", CLEAN)
def test_a_clean_text_departs_from_nothing(stem):
    assert told(departures(CLEAN[stem])) == []


@pytest.mark.parametrize(("code", "spoilt"), SPOILT)
def test_one_fault_is_found_and_nothing_else(code, spoilt):
    assert {one.rule.code for one in departures(spoilt)} == {code}


@pytest.mark.parametrize("name", [name for name, _, _ in MUTATIONS])
def test_every_fault_has_a_text_to_stand_in(name):
    assert any(one.id.startswith(f"{name} in ") for one in SPOILT)
