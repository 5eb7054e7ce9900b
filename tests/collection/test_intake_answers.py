"""Every question that the engine may ask is explained in the help of `intake`, is asked through the
command, and is done with when `--answers` gives one of its options."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command

from portal.collection import workbooks
from portal.collection.management.commands.intake import ANSWERS
from portal.collection.models import DatasetColumn
from tests.collection.files.mess import tcvn3
from tests.collection.workbooks_of_units import layout

QUESTIONS = [
    "encoding", "number_style", "scale:", "percent:", "measure:", "blank", "period", "whose_file",
    "whose", "sheet", "column:", "choose:", "value_column", "row:", "unit:", "group:", "add:",
    "derive:",
]  # fmt: skip
HEADING = ["STT", "Tên đơn vị", "Tổng số hộ", "Số hộ DTTS", "Hộ nghèo DTTS", "Hộ cận nghèo DTTS",
           "Hộ DTTS thoát nghèo", "Hộ nghèo DTTS phát sinh mới", "Hộ DTTS tái nghèo"]  # fmt: skip
NUMBERS = [1200, 500, 50, 20, 6, 2, 1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_asked_somewhere_and_explained_in_the_help(question):
    folder = Path(next(iter(workbooks.__path__)))
    written = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert f'"{question}' in written
    assert question in ANSWERS


def rows(*changes):
    """Biểu 05 with one number changed for each (row, column, value)."""
    table = [[n, unit.label, *NUMBERS] for n, unit in enumerate(layout().valid_units(), 1)]
    for row, column, value in changes:
        table[row][column] = value
    return table


def people(*stubs, unit="Xã An Lạc"):
    return [["Xã", "Dân tộc", "Nam", "Nữ"], *([unit, stub, 5, 6] for stub in stubs)]


def of_agency(heading=("STT", "Chỉ tiêu", "Số liệu"), name=None, extra=()):
    found = layout("CNTT-CO-QUAN", "24").entered
    values = {"K02": 60, "K03": 50, "K01": 50, "K15": 90}
    table = [[n, c.heading, values.get(c.key, 3), *extra] for n, c in enumerate(found, 1)]
    if name:
        table[0][1] = name
    return [[*heading], *table]


def in_thousands():
    return [[*row[:2], *(number / 1000 for number in row[2:])] for row in rows()]


def two_sheets():
    return {
        "Lần 1": [HEADING, *rows()],
        "Lần 2": [HEADING, *rows(*((row, 2, 1300 + row) for row in range(17)))],
    }


CASES = {
    "encoding": (lambda: [[*map(tcvn3, HEADING)],
                          *([n, tcvn3(name), *rest] for n, name, *rest in rows())], "TCVN3"),
    "number_style": (lambda: [HEADING, *rows((0, 2, "1.200"))], "1.234,5"),
    "scale:": (lambda: {"Bieu": [["ĐVT: nghìn hộ"], HEADING, *in_thousands()]}, "convert"),
    "percent:": (lambda: [HEADING, *([*r[:8], 0.38] for r in rows())], "convert"),
    "measure:": (lambda: [["Đơn vị tính: người"], HEADING, *rows()], "yes"),
    "blank": (lambda: [HEADING, *rows((0, 8, None), (1, 8, None), (2, 8, None))], "zero"),
    "period": (lambda: [["Biểu 05 năm 2021"], HEADING, *rows()], "yes"),
    "whose_file": (lambda: [["UBND huyện Tân Yên"], HEADING, *rows()], "yes"),
    "whose": (lambda: [row[1:] for row in people("Tày", "Nùng")], "07645"),
    "sheet": (two_sheets, "Lần 2"),
    "column:": (lambda: [[*HEADING[:8], "Hộ quay lại nghèo"], *rows()], "N11"),
    "choose:": (lambda: [[*HEADING, HEADING[8]], *([*r, 0] for r in rows())], "J"),
    "value_column": (lambda: of_agency(("STT", "Chỉ tiêu", "Lần đầu", "Lần hai"), extra=[3]), "C"),
    "row:": (lambda: of_agency(name="Số công chức hiện có của cơ quan"), "K01"),
    "unit:": (lambda: [HEADING, *rows((0, 1, "Xã An Baa"))], "07660"),
    "group:": (lambda: people("Tày", "Nungg"), "07"),
    "add:": (lambda: people("Cao Lan", "Sán Chí"), "add"),
    "derive:": (lambda: [["Xã", "Dân tộc", "Tổng số", "Nam"], ["Xã An Lạc", "Tày", 9, 5]], "yes"),
}  # fmt: skip
DATASETS = dict.fromkeys(("whose", "group:", "add:", "derive:"), "DAN-SO")
DATASETS |= dict.fromkeys(("value_column", "row:"), "CNTT-CO-QUAN")


def saved(path: Path, table) -> Path:
    if isinstance(table, list):
        with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        return path.with_suffix(".csv")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in table.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def told(path: Path, dataset: str, answers: dict[str, str]):
    out, status = StringIO(), 0
    whom = ("24", "specialist") if dataset == "CNTT-CO-QUAN" else ("220", "son.dong.officer")
    try:
        call_command(
            "intake", str(path), dataset=dataset, unit=whom[0], user=whom[1], period="2023",
            answers=json.dumps(answers), stdout=out,
        )  # fmt: skip
    except SystemExit as end:
        status = end.code
    return json.loads(out.getvalue()), status


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_asked_through_the_command_is_answered_through_it(
    question, tmp_path, son_dong_officer, specialist
):
    if question == "percent:":
        DatasetColumn.objects.filter(key="N11").update(value_type="percent")
    make, answer = CASES[question]
    dataset = DATASETS.get(question, "BIEU-05")
    path = saved(tmp_path / "tep.xlsx", make())
    asked, status = told(path, dataset, {})
    found = [q for q in asked["questions"] if q["id"].startswith(question)]
    assert status == 2
    assert len(found) == 1 == len(asked["questions"]), asked["questions"]
    assert answer in [option["value"] for option in found[0]["options"]]
    done, status = told(path, dataset, {found[0]["id"]: answer})
    assert (status, done["questions"]) == (0, []), done["issues"]
    assert done["values"]
