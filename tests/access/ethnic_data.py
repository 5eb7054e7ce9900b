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


ROWS = [
    ("ethnic_data:group_export", workbook, "get", READ_BY_ALL),
    ("ethnic_data:indicator_export", workbook, "get", READ_BY_ALL),
    ("ethnic_data:group_list", None, "get", READ_BY_ALL),
    ("ethnic_data:group_detail", named("15"), "get", READ_BY_ALL),
    ("ethnic_data:indicator_list", None, "get", READ_BY_ALL),
    ("ethnic_data:indicator_detail", named("N06"), "get", READ_BY_ALL),
    ("ethnic_data:observation_list", None, "get", READ_BY_ALL),
    ("ethnic_data:published_list", None, "get", READ_BY_ALL),
    ("ethnic_data:published_detail", named("BG-TDT-2019"), "get", READ_BY_ALL),
]
