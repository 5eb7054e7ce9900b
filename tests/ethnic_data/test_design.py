"""A dataset made in the browser: from a new category to a value in the list, without a restart."""

from __future__ import annotations

import datetime
import io
import unicodedata

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from ethnic_data.models import Category, Dimension, Indicator, Observation
from ethnic_data.services import design
from ethnic_data.services.columns import Wish
from portal.collection.models import (
    Dataset,
    DatasetColumn,
    ReportingPeriod,
    Submission,
    Upload,
)
from portal.collection.services.opening import open_submission
from portal.collection.workbooks.claims import mark_of_layout, refuse_mark
from portal.jobs.services import drain
from portal.units.models import AdministrativeUnit
from portal.units.names import fold
from tests.cast import unit

pytestmark = pytest.mark.django_db
UNIT, PERIOD = "220", "2024-H1"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def at(name, *args):
    return reverse(f"ethnic_data:{name}", args=args)


def save(client, page, /, *args, query="", **fields):
    """Post a form page; what is wrong in it is told when it does not save."""
    answer = client.post(at(page, *args) + query, fields)
    form = answer.context["form"].errors if answer.context and "form" in answer.context else ""
    assert answer.status_code == 302, form
    return answer


DATASET = {
    "code": "NGHE",
    "title": "Dạy nghề cho lao động dân tộc thiểu số",
    "short_title": "Dạy nghề",
    "frequency": "half_yearly",
    "row_axis": "unit",
    "row_level": "commune",
    "submitting_level": "district",
    "source_kind": "administrative",
    "due_day": "10",
    "due_months_after": "1",
    "due_years_after": "0",
    "every_unit": "on",
    "is_active": "on",
    "instructions": "Mỗi dòng một xã.\n\nGhi số người.",
    "aliases": "Dạy nghề DTTS",
}


def a_dataset(admin):
    """A category, an indicator, a dataset with five columns, as the administrator makes them."""
    save(admin, "dimension_create", code="craft", name="nghề", is_active="on")
    craft = str(Dimension.objects.get(code="craft").pk)
    for code, name in (("weaving", "Dệt thổ cẩm"), ("carpentry", "Mộc")):
        save(admin, "category_create", dimension=craft, code=code, name=name, is_active="on")
    indicator = {
        "code": "L11", "name": "Số người học nghề", "unit_of_measure": "người",
        "level": "commune", "disaggregation": ["craft", "sex"], "aggregation": "sum",
        "factor": "1", "is_active": "on",
    }  # fmt: skip
    save(admin, "indicator_create", **indicator)
    save(admin, "dataset_create", **DATASET)
    by_craft = {"tong_so": "on", "bat_buoc": "on", "phan_loai": ["weaving", "carpentry"]}
    save(admin, "column_add", "NGHE", query="?chi-tieu=L11", quy_tac="on", **by_craft)
    save(
        admin,
        "column_add",
        "NGHE",
        query="?chi-tieu=L11",
        gioi_tinh="on",
        bat_buoc="on",
        quy_tac="on",
    )
    return Dataset.objects.get(code="NGHE")


def filled(content: bytes) -> bytes:
    """The downloaded workbook with 12 learners in each commune: 7 and 5, 6 and 6."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    marks = next(
        row for row in sheet.iter_rows()
        if [str(cell.value) for cell in row if cell.value is not None][-5:] == list("12345")
    )  # fmt: skip
    columns = {str(cell.value): cell.column for cell in marks if str(cell.value) in "12345"}
    for row in range(marks[0].row + 1, sheet.max_row + 1):
        if not fold(str(sheet.cell(row, 2).value)).startswith(("tong", "none")):
            for mark, number in zip("12345", (12, 7, 5, 6, 6), strict=True):
                sheet.cell(row, columns[mark]).value = number
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_what_the_administrator_adds_is_there_at_once(
    client, administrator, cast, django_capture_on_commit_callbacks
):
    client.force_login(administrator)
    dataset = a_dataset(client)
    columns = list(dataset.columns.values_list("key", "parents", "heading"))
    assert columns == [
        ("L11", ["Số người học nghề"], "Tổng số"),
        ("L11_weaving", ["Số người học nghề"], "Dệt thổ cẩm"),
        ("L11_carpentry", ["Số người học nghề"], "Mộc"),
        ("L11_nam", ["Số người học nghề"], "Nam"),
        ("L11_nu", ["Số người học nghề"], "Nữ"),
    ]
    assert dataset.instructions == ["Mỗi dòng một xã.", "Ghi số người."]
    look = client.get(at("dataset_look", "NGHE"), {"don-vi": UNIT, "ky": PERIOD})
    assert "Dệt thổ cẩm" in look.text

    client.force_login(cast("son_dong_officer"))
    mine = client.get(reverse("collection:submission_list"), {"ky": PERIOD}).text
    assert "Dạy nghề cho lao động" in mine
    template = client.get(reverse("collection:template", args=["NGHE", UNIT, PERIOD])).content
    file = SimpleUploadedFile("hoc-nghe.xlsx", filled(template))
    client.post(reverse("collection:start", args=["NGHE", UNIT, PERIOD]), {"files": [file]})
    drain()
    upload = Upload.objects.get()
    assert upload.issues == []
    submission = upload.submission
    client.post(reverse("collection:commit", args=[submission.pk]))
    communes = AdministrativeUnit.objects.filter(observation__submission=submission).distinct()
    assert len(communes) == 17
    commune = communes[0]
    entry = reverse("collection:entry", args=[submission.pk])
    typed = {
        f"o~{one.code}~~{key}": value
        for one in communes
        for key, value in zip([c[0] for c in columns], (20, 12, 8, 10, 10), strict=True)
    }
    assert "Dệt thổ cẩm" in client.get(entry).text
    client.post(entry, typed)
    submitting = reverse("collection:submit", args=[submission.pk])
    seen = client.get(submitting).context["digest"]
    client.post(submitting, {"statement": seen, "confirmed": "1"})

    client.force_login(cast("specialist"))
    client.post(reverse("collection:approve", args=[submission.pk]))
    submission.refresh_from_db()
    assert submission.status == Submission.Status.APPROVED
    weaving = Observation.objects.get(unit=commune, category="weaving")
    assert (weaving.value, weaving.kind) == (12, "administrative")
    found = client.get(at("observation_list"), {"chi-tieu": "L11", "ky": PERIOD})
    assert "Số người học nghề" in found.text


def test_parts_that_come_later_are_held_to_their_whole_too(admin):
    dataset = a_dataset(admin)  # nam and nữ came after the total and the crafts
    craft = str(Dimension.objects.get(code="craft").pk)
    told = {"dimension": craft, "code": "forging", "name": "Rèn", "is_active": "on"}
    save(admin, "category_create", **told)
    save(admin, "column_add", "NGHE", query="?chi-tieu=L11", phan_loai=["forging"], quy_tac="on")
    rules = {rule.code: (rule.columns, rule.other) for rule in dataset.rules.all()}
    assert rules == {
        "phan-khong-qua-L11": (["L11_weaving", "L11_carpentry", "L11_forging"], "L11"),
        "L11-nam-nu": (["L11_nam", "L11_nu"], "L11"),
    }


def test_an_old_template_is_told_so_after_a_change_of_columns(admin):
    dataset = a_dataset(admin)
    period, district = ReportingPeriod.objects.get(code=PERIOD), unit(UNIT)
    mark = mark_of_layout(dataset.layout_of(unit=district, period=period))
    save(admin, "column_move", "NGHE", "L11_nu", len="")
    assert list(dataset.columns.values_list("key", "number"))[-2:] == [
        ("L11_nu", "4"), ("L11_nam", "5"),
    ]  # fmt: skip
    dataset.refresh_from_db()
    refusal = refuse_mark(mark, dataset.layout_of(unit=district, period=period))
    assert "đã cũ" in refusal.message


def test_a_ratio_brings_the_columns_it_is_computed_from(admin):
    dataset = a_dataset(admin)
    save(admin, "column_add", "NGHE", query="?chi-tieu=G05")
    ratio = dataset.columns.get(key="G05")
    assert (ratio.kind, ratio.numerator, ratio.denominator) == ("computed", "G04", "G03")
    answer = admin.post(at("column_retire", "NGHE", "G03"), follow=True)
    assert "tính từ cột này" in answer.text
    assert dataset.columns.filter(key="G03", until=None).exists()


def test_a_copy_has_the_columns_and_rules_of_its_source(admin):
    query = "?tu=BIEU-05"
    begun = admin.get(at("dataset_create") + query)
    assert "Từ bản sao của" in begun.text
    fields = DATASET | {"code": "BIEU-05B", "frequency": "yearly", "due_month": "9"}
    save(admin, "dataset_create", query=query, **fields)
    source, copied = (Dataset.objects.get(code=code) for code in ("BIEU-05", "BIEU-05B"))
    for names in (("key", "measure", "number"), ("key", "heading", "aliases")):
        assert [*copied.columns.values_list(*names)] == [*source.columns.values_list(*names)]
    assert copied.rules.count() == source.rules.count() > 0
    assert source.columns.count() == 9


def test_two_ways_of_dividing_want_a_total(admin):
    dataset = a_dataset(admin)
    c05 = Indicator.objects.get(code="C05")
    ways = [Category.objects.of_dimensions([d]) for d in ("qualification", "politics_level")]
    design.add_columns(
        dataset=dataset, wish=Wish(indicator=c05, total=False, categories=list(ways[0]))
    )
    with pytest.raises(design.DesignRefused, match="tổng số"):
        design.add_columns(
            dataset=dataset, wish=Wish(indicator=c05, total=False, categories=list(ways[1]))
        )


@pytest.fixture
def sent_once(admin, son_dong_officer):
    """The dataset, after something was opened for the first half of 2024."""
    dataset = a_dataset(admin)
    period = ReportingPeriod.objects.get(code=PERIOD)
    open_submission(
        dataset=dataset, unit=unit(UNIT, on=period.end), period=period, by=son_dong_officer
    )
    return dataset


def test_a_column_that_was_sent_with_is_retired_and_stays_for_its_periods(admin, sent_once):
    answer = admin.post(at("column_retire", "NGHE", "L11_nu"), follow=True)
    assert "số liệu đã nộp được giữ" in answer.text
    column = sent_once.columns.get(key="L11_nu")
    assert column.until == datetime.date(2024, 7, 1)
    first, second = (ReportingPeriod.objects.get(code=f"2024-H{n}") for n in (1, 2))
    dataset = Dataset.objects.get(code="NGHE")
    assert "L11_nu" in [one.key for one in dataset.columns_in(first)]
    assert "L11_nu" not in [one.key for one in dataset.columns_in(second)]


def test_new_columns_of_a_dataset_in_use_begin_with_the_next_period(admin, sent_once):
    page = admin.get(at("column_add", "NGHE") + "?chi-tieu=D01")
    assert page.context["form"]["tu_ngay"].initial == datetime.date(2024, 7, 1)


def test_the_database_keeps_what_a_sent_column_or_dataset_means(sent_once):
    column = sent_once.columns.get(key="L11_nam")
    for change in (
        {"sex": "female"}, {"measure": "D01"}, {"category": "weaving"}, {"value_type": "decimal"},
        {"until": datetime.date(2024, 6, 30)}, {"since": datetime.date(2025, 1, 1)},
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="không đổi nghĩa"), transaction.atomic():
            DatasetColumn.objects.filter(pk=column.pk).update(**change)
    with pytest.raises(IntegrityError, match="không xoá"), transaction.atomic():
        column.delete()
    for change in ({"frequency": "yearly"}, {"source_kind": "census"}, {"row_axis": "unit_group"}):
        with pytest.raises(IntegrityError, match="giữ nguyên"), transaction.atomic():
            Dataset.objects.filter(pk=sent_once.pk).update(**change)
    DatasetColumn.objects.filter(pk=column.pk).update(heading="Số nam", maximum=5)


def test_the_form_of_a_dataset_in_use_locks_its_meaning(admin, sent_once):
    changed = DATASET | {"title": "Dạy nghề, truyền nghề", "frequency": "yearly", "due_month": "9"}
    save(admin, "dataset_update", "NGHE", **changed)
    sent_once.refresh_from_db()
    assert (sent_once.title, sent_once.frequency) == ("Dạy nghề, truyền nghề", "half_yearly")


def test_the_indicator_of_a_dataset_in_use_keeps_its_unit(admin, sent_once):
    fields = {
        "code": "L11", "name": "Người học nghề", "unit_of_measure": "hộ", "level": "commune",
        "aggregation": "sum", "factor": "1", "is_active": "on",
    }  # fmt: skip
    save(admin, "indicator_update", "L11", **fields)
    one = Indicator.objects.get(code="L11")
    assert (one.name, one.unit_of_measure) == ("Người học nghề", "người")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"code": "biểu"}, "code"),
        ({"code": "BIEU-05"}, "code"),
        ({"title": ""}, "title"),
        ({"due_months_after": ""}, "due_months_after"),
        ({"due_day": "32"}, "__all__"),
        ({"later_level": "commune"}, "__all__"),
        ({"submitting_level": "nation"}, "includes_reference"),
        ({"due_years_after": "9999"}, "due_years_after"),
        ({"title": "\u202e"}, "title"),
        ({"collected_from": "2024-01-01", "collected_until": "2023-01-01"}, "__all__"),
        ({"instructions": "x" * 501}, "instructions"),
    ],
)
def test_a_dataset_that_makes_no_sense_is_told_at_its_field(admin, fields, name):
    answer = admin.post(at("dataset_create"), DATASET | fields)
    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert not Dataset.objects.filter(code="NGHE").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "Q11"},
        {"code": "D03"},
        {"aggregation": "ratio"},
        {"aggregation": "mean"},
        {"aggregation": "distinct_count"},
        {"name": ""},
    ],
)
def test_an_indicator_that_makes_no_sense_is_refused(admin, fields):
    told = {
        "code": "D77", "name": "Thử", "level": "commune", "aggregation": "sum", "factor": "1",
    }  # fmt: skip
    answer = admin.post(at("indicator_create"), told | fields)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_two_columns_of_one_heading_are_refused_however_it_is_typed(admin):
    dataset = a_dataset(admin)
    told = {"parents": "Số người học nghề", "is_required": "on", "decimals": "0"}
    same = unicodedata.normalize("NFD", "Dệt  thổ cẩm\u202e")
    answer = admin.post(at("column_update", "NGHE", "L11_nam"), told | {"heading": same})
    assert answer.context["form"].errors["heading"]
    other = told | {"heading": unicodedata.normalize("NFD", "Thợ\nnam\u202e")}
    save(admin, "column_update", "NGHE", "L11_nam", **other)
    assert dataset.columns.get(key="L11_nam").heading == "Thợ nam"


def test_an_indicator_is_not_computed_from_itself(admin):
    told = {
        "code": "N05", "name": "Tỷ lệ", "level": "commune", "aggregation": "sum", "factor": "1",
    }  # fmt: skip
    own = Indicator.objects.create(code="L77", name="Thử", level="commune", aggregation="sum")
    for name in ("weight", "counted", "all_groups"):
        answer = admin.post(at("indicator_update", "L77"), told | {"code": "L77", name: own.pk})
        assert name in answer.context["form"].errors


def test_a_category_keeps_its_code_and_two_of_one_name_are_refused(admin):
    religion = Dimension.objects.get(code="religion")
    told = {"dimension": religion.pk, "code": "x_new", "name": "PHẬT GIÁO", "is_active": "on"}
    assert admin.post(at("category_create"), told).context["form"].errors
    save(admin, "category_update", "buddhism", **(told | {"name": "Đạo Phật"}))
    taken = told | {"name": "Khác nữa"}
    for code in ("nam", "nu", "dt07"):  # as in the keys of columns by sex and group
        assert admin.post(at("category_create"), taken | {"code": code}).context["form"].errors
    one = Category.objects.get(code="buddhism")
    assert (one.name, one.name_key) == ("Đạo Phật", "dao phat")


def test_the_database_refuses_an_unknown_category_and_keeps_a_known_one(admin):
    with pytest.raises(IntegrityError, match="không đổi được"), transaction.atomic():
        Category.objects.filter(code="buddhism").update(code="phat")
    with pytest.raises(DatabaseError, match="đã được dùng"), transaction.atomic():
        Category.objects.filter(code="buddhism").delete()
    with pytest.raises(IntegrityError, match="không có trong danh mục"), transaction.atomic():
        DatasetColumn.objects.filter(key="V05_buddhism").update(category="nowhere")


def test_a_value_of_an_unknown_category_is_refused_by_the_database(sent_once):
    submission = Submission.objects.get(dataset=sent_once)
    with pytest.raises(IntegrityError, match="“la” không có"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, sex,"
            " category, value, missing, reference_date, kind, sheet, cell, raw) VALUES"
            " (%s, %s, %s, '', 'la', 1, '', '2024-06-30', 'administrative', '', '', '')",
            [submission.pk, Indicator.objects.get(code="L11").pk, submission.unit_id],
        )


def test_lists_cost_a_bounded_number_of_queries(admin, django_assert_max_num_queries):
    for name, args in (("dataset_list", ()), ("category_list", ()), ("dataset_detail", ["CAN-BO"])):
        admin.get(at(name, *args))
        with django_assert_max_num_queries(12):
            assert admin.get(at(name, *args)).status_code == 200
