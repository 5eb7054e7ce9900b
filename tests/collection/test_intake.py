"""`manage.py intake`: what it prints, how it ends, what it writes."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from portal.collection.models import Submission, Upload
from portal.collection.stores import ValueKey, store_of
from tests.collection.test_workbooks_unpacking import zipped
from tests.collection.workbooks_of_units import agency, codes, form_05, layout

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def intake(tmp_path, son_dong_officer):
    """`intake(content, ...)` runs the command over files and gives (JSON, exit status)."""

    def run(*contents, names=None, user="son.dong.officer", dataset="BIEU-05", unit="220", **more):
        paths = []
        for index, content in enumerate(contents):
            path = tmp_path / (names[index] if names else f"tep-{index}.xlsx")
            if content is not None:
                path.write_bytes(content)
            paths.append(str(path))
        out, status = StringIO(), 0
        options = {"period": "2023", **more}
        try:
            call_command(
                "intake", *paths, dataset=dataset, unit=unit, user=user, stdout=out, **options
            )
        except SystemExit as end:
            status = end.code
        return json.loads(out.getvalue()), status

    return run


def test_a_correct_workbook_is_accepted_and_nothing_is_written(intake):
    answer, status = intake(form_05())
    assert (status, answer["issues"], answer["questions"]) == (0, [], [])
    first = next(layout().valid_units())
    assert {
        "unit": first.code,
        "indicator": "D01",
        "group": None,
        "sex": None,
        "value": 1000,
        "missing": None,
    }.items() <= answer["values"][0].items()
    assert answer["understood"]["sheet"] == "Bieu 05"
    assert answer["reconciliation"]["stored"] == len(list(layout().valid_units()))
    assert not Submission.objects.exists()


def test_with_commit_every_value_is_stored_with_its_cell(intake):
    answer, status = intake(form_05(), commit=True)
    assert status == 0
    submission = Submission.objects.get()
    values = store_of(submission.dataset).current(submission)
    assert len(values) == len(answer["values"])
    first = next(layout().valid_units())
    stored = values[ValueKey(first.code, "N03")]
    assert (stored.value, stored.sheet, stored.cell) == (60, "Bieu 05", "E3")
    assert stored.upload == Upload.objects.get().pk
    assert Upload.objects.get().state == "committed"


def test_the_same_file_twice_changes_nothing(intake):
    content = form_05()
    intake(content, commit=True)
    answer, status = intake(content, commit=True)
    assert status == 0
    assert answer["committed"]["new"] == answer["committed"]["changed"] == 0


def test_minority_households_above_all_households_are_refused(intake):
    first = next(layout().valid_units())
    answer, status = intake(form_05(changes={(first.code, "D02"): 5000}), commit=True)
    assert status == 2
    assert (answer["issues"][0]["cell"], answer["issues"][0]["severity"]) == ("D3", "error")
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"dataset": "BIEU-99"}, "dataset"),
        ({"unit": "99999"}, "unit"),
        ({"unit": "219"}, "unit"),
        ({"period": "1999"}, "period"),
        ({"period": "2023\x00"}, "system"),
        ({"user": "khong.co"}, "user"),
        ({"answers": "không phải"}, "answers"),
        ({"answers": "[1]"}, "answers"),
    ],
)
def test_an_unknown_word_is_said_in_one_sentence(intake, options, rule):
    answer, status = intake(form_05(), **options)
    assert status == 2
    assert [issue["rule"] for issue in answer["issues"]] == [rule]


def test_a_role_that_enters_nothing_is_refused(intake, auditor):
    answer, status = intake(form_05(), user="auditor")
    assert (status, answer["issues"][0]["rule"]) == (2, "user")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02 rac" * 50, b"PK\x03\x04 hong", b"<html><p>khong co bang</html>"]
)
def test_rubbish_is_refused_with_a_sentence(intake, content):
    answer, status = intake(content, commit=True)
    assert status == 2
    assert answer["issues"][0]["message"].endswith(".")
    assert answer["values"] == []
    assert not Upload.objects.exists()


def test_a_missing_file_and_a_folder_are_refused(intake, tmp_path):
    (tmp_path / "thu-muc").mkdir()
    answer, status = intake(None, None, names=["khong-co.xlsx", "thu-muc"])
    assert status == 2
    assert [issue["rule"] for issue in answer["issues"]] == ["file_missing", "file_kind"]


def test_one_file_per_commune_is_joined_and_the_missing_ones_are_listed(intake):
    codes = [unit.code for unit in layout().valid_units()]
    answer, status = intake(form_05(only=codes[:1]), form_05(only=codes[1:-1]), commit=True)
    assert status == 0
    assert answer["reconciliation"]["missing_units"] == codes[-1:]
    assert {value["unit"] for value in answer["values"]} == set(codes[:-1])


def test_a_commune_in_two_files_is_refused(intake):
    codes = [unit.code for unit in layout().valid_units()]
    other = form_05(only=codes[1:3], changes={(codes[1], "D01"): 999})
    answer, status = intake(form_05(only=codes[:2]), other, commit=True)
    assert status == 2
    assert [(i["rule"], i["file"]) for i in answer["issues"]] == [("duplicate", "tep-1.xlsx")]
    assert not Submission.objects.exists()


def test_approved_data_need_a_reason(intake, approved):
    approved()
    answer, status = intake(form_05(), commit=True)
    assert (status, answer["issues"][-1]["rule"]) == (2, "refused")
    answer, status = intake(form_05(), commit=True, reason="Sửa số hộ")
    assert status == 0
    assert Submission.objects.get(pk=answer["committed"]["submission"]).revision == 2


def test_the_agencys_own_workbook_is_read_by_measure(intake, specialist):
    answer, status = intake(
        agency(K14=3), dataset="CNTT-CO-QUAN", unit="24", user="specialist", commit=True
    )
    assert status == 0, answer["issues"]
    values = {value["indicator"]: value["value"] for value in answer["values"]}
    assert values["K14"] == 3
    assert set(values) == {column.key for column in layout("CNTT-CO-QUAN", "24").entered}


def test_a_zip_is_taken_like_the_files_in_it(intake):
    files = {f"Xã {code}/bieu05.xlsx": form_05(only=[code]) for code in codes()}
    content = zipped({**files, "__MACOSX/._a": b"1"})
    answer, status = intake(content, names=["cac-xa.zip"], commit=True)
    assert status == 0
    assert answer["reconciliation"]["stored"] == len(codes())
    assert answer["committed"]["new"] == 7 * len(codes())
    assert len(set(Upload.objects.values_list("original_name", flat=True))) == len(codes())


def test_a_refused_zip_is_said_in_one_sentence(intake):
    answer, status = intake(zipped({"../a.csv": b"1"}), names=["cac-xa.zip"])
    assert status == 2
    assert "ra ngoài thư mục" in answer["issues"][0]["message"]
