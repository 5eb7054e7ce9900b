"""Groups, indicators, values and published tables are read by everybody who works here."""

from __future__ import annotations

ROLES = [
    "officer_own",
    "officer_other",
    "specialist",
    "head",
    "form_checker",
    "leader",
    "clerk",
    "administrator",
    "auditor",
]
READ_BY_ALL = {"anonymous": "login", **dict.fromkeys(ROLES, 200)}


def named(code):
    def kwargs(cast):
        return {"code": code}, {"code": code}

    return kwargs


def workbook(cast):
    return {"kind": "xlsx"}, {"kind": "csv"}


DESIGNED = {"anonymous": "login", **dict.fromkeys(ROLES, 404), "administrator": 200}
CHANGED = DESIGNED | {"administrator": 302}


def column(cast):
    return ({"code": "BIEU-05", "key": "D01"},) * 2


def kept_by_a_specialist(cast):
    from ethnic_data.models import SavedView

    view, _ = SavedView.objects.get_or_create(owner=cast("specialist"), name="Bảng", query="ct=D03")
    return {"pk": view.pk}, {"pk": view.pk}


def survey_table(cast):
    from ethnic_data.models import SurveyTable

    return ({"pk": SurveyTable.objects.filter(dataset__code="DT53-BIEU-56").latest("pk").pk},) * 2


def of_2024(cast):
    return {"year": 2024}, {"year": 2024}


def table_of_a_round(cast):
    from ethnic_data.models import SurveyTable

    return ({"year": 2024, "pk": SurveyTable.objects.filter(round__year=2024).latest("pk").pk},) * 2


READ_EXACTLY = READ_BY_ALL | {"administrator": 404}
OF_SENDERS = {
    "anonymous": "login",
    **dict.fromkeys(ROLES, 404),
    **dict.fromkeys(("officer_own", "officer_other", "specialist"), 200),
}
BROUGHT_IN = {"anonymous": "login", **dict.fromkeys(ROLES, 404), "specialist": 200}
OF_THE_OWNER = {"anonymous": "login", **dict.fromkeys(ROLES, 404), "specialist": 302}
ANYBODY_KEEPS = {"anonymous": "login", **dict.fromkeys(ROLES, 302)}
ROWS = [
    (
        "ethnic_data:old_system",
        None,
        "get",
        BROUGHT_IN | {"clerk": 200, "administrator": 200},
    ),
    ("ethnic_data:old_system_open", None, "post", BROUGHT_IN | {"specialist": 404}),
    ("ethnic_data:round_list", None, "get", READ_BY_ALL),
    ("ethnic_data:round_create", None, "get", DESIGNED),
    ("ethnic_data:round_update", of_2024, "get", DESIGNED),
    ("ethnic_data:survey_table_create", of_2024, "get", DESIGNED),
    ("ethnic_data:survey_table_update", table_of_a_round, "get", DESIGNED),
    ("ethnic_data:survey_table_delete", table_of_a_round, "post", CHANGED),
    ("ethnic_data:round_table", survey_table, "get", OF_SENDERS),
    ("ethnic_data:round_compare", named("DS-54-DAN-TOC"), "get", READ_EXACTLY),
    ("ethnic_data:round_compare_export", named("DS-54-DAN-TOC"), "get", READ_EXACTLY),
    ("ethnic_data:dataset_list", None, "get", DESIGNED),
    ("ethnic_data:dataset_create", None, "get", DESIGNED),
    ("ethnic_data:dataset_detail", named("BIEU-05"), "get", DESIGNED),
    ("ethnic_data:dataset_update", named("BIEU-05"), "get", DESIGNED),
    ("ethnic_data:dataset_look", named("BIEU-05"), "get", DESIGNED),
    ("ethnic_data:dataset_template", named("BIEU-05"), "get", DESIGNED),
    ("ethnic_data:column_add", named("BIEU-05"), "get", DESIGNED),
    ("ethnic_data:column_update", column, "get", DESIGNED),
    ("ethnic_data:column_move", column, "post", CHANGED),
    ("ethnic_data:column_retire", column, "post", CHANGED),
    ("ethnic_data:category_list", None, "get", DESIGNED),
    ("ethnic_data:category_create", None, "get", DESIGNED),
    ("ethnic_data:category_update", named("buddhism"), "get", DESIGNED),
    ("ethnic_data:dimension_create", None, "get", DESIGNED),
    ("ethnic_data:dimension_update", named("religion"), "get", DESIGNED),
    ("ethnic_data:indicator_create", None, "get", DESIGNED),
    ("ethnic_data:indicator_update", named("N06"), "get", DESIGNED),
    ("ethnic_data:explorer", None, "get", READ_BY_ALL),
    ("ethnic_data:explorer_export", workbook, "get", READ_BY_ALL),
    ("ethnic_data:saved_view_list", None, "get", READ_BY_ALL),
    ("ethnic_data:saved_view_create", None, "post", ANYBODY_KEEPS),
    ("ethnic_data:saved_view_change", kept_by_a_specialist, "post", OF_THE_OWNER),
    ("ethnic_data:saved_view_delete", kept_by_a_specialist, "post", OF_THE_OWNER),
    ("ethnic_data:group_export", workbook, "get", READ_BY_ALL),
    ("ethnic_data:indicator_export", workbook, "get", READ_BY_ALL),
    ("ethnic_data:group_list", None, "get", READ_BY_ALL),
    ("ethnic_data:group_detail", named("15"), "get", READ_BY_ALL),
    ("ethnic_data:indicator_list", None, "get", READ_BY_ALL),
    ("ethnic_data:indicator_detail", named("N06"), "get", READ_BY_ALL),
    ("ethnic_data:observation_list", None, "get", READ_BY_ALL | {"administrator": 404}),
    ("ethnic_data:published_list", None, "get", READ_BY_ALL),
    ("ethnic_data:published_detail", named("BG-TDT-2019"), "get", READ_BY_ALL),
]
