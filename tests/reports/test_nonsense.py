"""Every page of numbers is asked nonsense: each parameter, repeated, in other encodings, together
with what makes sense; on the page and in its files."""

from __future__ import annotations

import random
from itertools import product

import pytest
from django.core.cache import cache

from reports.views.picking import told_parameters
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, approved, value

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXPLORER = [
    "ct",
    "hang",
    "cot",
    "cot2",
    "dv",
    "cap",
    "kv",
    "dt",
    "gt",
    "pl",
    "ky",
    "loai",
    "ngay",
    "bd",
    "dg",
    "lop",
]
THEME = ["ky", "dg", "dv", "kv", "dt", "gt", "loai", "lop", "so_ky", "so_dv", "so_dt"]
PAGES = {
    "/chuyen-de/giam-ngheo": THEME,
    "/chuyen-de/dan-so": THEME,
    "/chuyen-de/can-bo": THEME,
    "/chuyen-de/chuong-trinh": THEME,
    "/chuyen-de/tien-do": THEME,
    "/chuyen-de/van-ban": THEME,
    "/chuyen-de/dan-so/tep.xlsx": THEME,
    "/chuyen-de/giam-ngheo/dia-ban.csv": THEME,
    "/chuyen-de/giam-ngheo/qua-nam.pdf": THEME,
    "/chuyen-de/giam-ngheo/dia-ban.png": THEME,
    "/chuyen-de/trinh-chieu": ["c", "o", "giay", "dung", *THEME],
    "/dan-toc/kham-pha": EXPLORER,
    "/dan-toc/kham-pha/tep.xlsx": EXPLORER,
    "/dan-toc/kham-pha/tep.csv": EXPLORER,
    "/kham-pha/pdf": EXPLORER,
    "/bao-cao/dua-bang-vao": ["nguon", "ten", *EXPLORER],
    "/dan-toc/so-lieu": [
        "chi-tieu", "don-vi", "ky", "dan-toc", "gioi-tinh", "phan-loai", "loai", "ngay", "dia-gioi",
    ],
    "/tong-quan": ["ky", "don-vi", "xa", "khu-vuc", "sap-xep", "sort"],
    "/tong-quan/xlsx": ["ky", "don-vi", "xa", "khu-vuc", "sort"],
    "/tim": ["q", "page"],
    "/tim/goi-y": ["q"],
    **{
        f"/ho-so/{place}{kind}": ["ky", "dg", "nam"]
        for place, kind in product(
            ("xa/07645", "huyen/220", "tinh/24", "dan-toc/02", "xa/%00", "xa/07645%0a", "x/²",
             f"xa/{'9' * 400}"),
            ("", "/pdf"),
        )
    },
}  # fmt: skip
WRONG = [
    "", "%00", "-1", "-2023", "²", "１２", "NaN", "1e999", "0" * 200, "9" * 4400, "a" * 10_000,
    "%C4%91" * 900, "%FF%FE", "%E1%BB", "%0d%0a", "%E2%80%AE", "%F0%9F%98%80", "%22%3E%3Cb%3E",
    "0000-00-00", "9999-12-31", "10000-01-01", "2023-13-45", "[]", "’; --", "99", "54",
]  # fmt: skip
MADE_OF_SENSE = [
    "24", "220", "219", AN_LAC, CAM_SON, "07621", "01", "02,07", "minorities", "2022,2023", "2023",
    "2019", "2025", "2023-Q3", "2023-07", "2024-12-31", "2025-07-01", "xa", "huyen", "khu-vuc",
    "III", "nam", "sample", "census", "D03", "N06,D03", "don-vi", "dan-toc", "ky", "ban-do",
    "thap", "explorer", "giam-ngheo",
]  # fmt: skip


@pytest.fixture
def told():
    """A ratio over nothing, a count of a few, a commune that told of nothing."""
    cache.clear()
    approved([value(AN_LAC, "D02", 0), value(AN_LAC, "N03", 0), value(HUU_SAN, "N03", None)])
    people = [value(AN_LAC, "D03", 3, group="02", sex=sex) for sex in ("male", "female")]
    approved([*people, value(HUU_SAN, "D03", 70, group="07")], dataset="DAN-SO")


def nonsense(names: list[str], dice: random.Random) -> str:
    chosen = dice.choices(names, k=dice.randint(1, 6))
    return "&".join(f"{one}={dice.choice(dice.choice((WRONG, MADE_OF_SENSE)))}" for one in chosen)


@pytest.mark.parametrize("who", ["leader", "son_dong_officer", "administrator"])
def test_nonsense_is_answered_in_plain_words_and_never_a_fault(client, request, told, who):
    client.force_login(request.getfixturevalue(who))
    dice = random.Random(f"{who} asks")  # noqa: S311
    tries = 5 if who == "leader" else 2
    for path, names in PAGES.items():
        for _ in range(tries):
            query = nonsense(names, dice)
            answer = client.get(path, QUERY_STRING=query.encode().decode("latin-1"))  # raw
            body = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code in (200, 302, 404), (path, query)
            assert b">NaN<" not in body, (path, query)


@pytest.mark.parametrize("sent", ["", "[]", "{", "null", "[" * 5000, '{"unit": [1]}', '{"x": "y"}'])
def test_what_a_figure_is_narrowed_to_is_told_or_nothing(rf, sent):
    assert told_parameters(rf.post("/", {"parameters": sent})) == {}
