"""Catalogues go out as workbooks and come back edited."""

import csv
import io

import pytest
import tablib
from django.urls import reverse
from openpyxl import load_workbook

from ethnic_data.models import EthnicGroup, Indicator
from ethnic_data.resources import GroupResource, IndicatorResource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("resource", [GroupResource, IndicatorResource])
def test_what_went_out_comes_back_unchanged(resource):
    data = resource().export()
    result = resource().import_data(data, dry_run=False, raise_errors=True)
    assert result.totals["skip"] == len(data)
    assert result.totals["new"] == result.totals["update"] == result.totals["error"] == 0


def test_an_edited_row_changes_its_indicator_and_a_new_row_makes_one():
    data = tablib.Dataset(
        headers=["Mã", "Tên chỉ tiêu", "Đơn vị tính", "Cấp thu thập", "Cách tổng hợp", "Nhân với"]
    )
    data.append(["D01", "Tổng số hộ dân", "hộ", "xã, phường, thị trấn", "cộng dồn", "1"])
    data.append(["Q01", "Số nhà rông", "nhà", "xã, phường, thị trấn", "cộng dồn", "1"])
    IndicatorResource().import_data(data, raise_errors=True)
    assert Indicator.objects.get(code="D01").name == "Tổng số hộ dân"
    fresh = Indicator.objects.get(code="Q01")
    assert (fresh.aggregation, fresh.name_key) == ("sum", "so nha rong")


def test_a_wrong_row_is_refused_in_vietnamese():
    data = tablib.Dataset(
        headers=["Mã", "Tên chỉ tiêu", "Cấp thu thập", "Cách tổng hợp", "Nhân với"]
    )
    data.append(["Q02", "Thử", "xã, phường, thị trấn", "tỷ số của hai tổng", "1"])
    result = IndicatorResource().import_data(data)
    assert result.has_validation_errors()
    assert "Tỷ số phải có tử số và mẫu số" in str(result.invalid_rows[0].error)
    assert not Indicator.objects.filter(code="Q02").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_goes_out_as_a_formula_and_it_comes_back_as_it_was(text):
    Indicator.objects.filter(code="D01").update(definition=text)
    data = IndicatorResource().export(queryset=Indicator.objects.filter(code="D01"))
    assert data["Khái niệm"][0] == f"'{text}"
    IndicatorResource().import_data(data, raise_errors=True)
    assert Indicator.objects.get(code="D01").definition == text


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_the_catalogue_is_downloaded_in_each_format(client, specialist, kind):
    client.force_login(specialist)
    response = client.get(reverse("ethnic_data:indicator_export", args=[kind]), {"nhom": "K"})
    assert response.status_code == 200
    assert f"chi-tieu.{kind}" in response["Content-Disposition"]
    assert response.content
    if kind == "xlsx":
        rows = list(load_workbook(io.BytesIO(response.content)).active.values)
        assert rows[0][0] == "Mã"
        assert [row[0] for row in rows[1:]] == [f"K{n:02}" for n in range(1, 18)]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert len(rows) == 18


def test_an_unknown_format_is_not_there(client, specialist):
    client.force_login(specialist)
    assert client.get(reverse("ethnic_data:group_export", args=["exe"])).status_code == 404


def test_the_workbook_of_groups_tells_other_names_and_codes(client, specialist):
    client.force_login(specialist)
    response = client.get(reverse("ethnic_data:group_export", args=["xlsx"]), {"q": "cao lan"})
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Mã"], row["Mã 1999–2009"]) == ("15", "13")
    assert "Cao Lan" in row["Tên gọi khác"]
    assert EthnicGroup.objects.count() == 57
