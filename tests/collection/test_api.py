"""The third door: tokens, the same sight as the pages, all or nothing, and nothing is ever 500."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import MOST_FAILURES, AccessToken, FailedSignIn
from portal.accounts.services import make_token, reset_password, revoke_token, set_active
from portal.collection import services
from portal.collection.models import Dataset, Submission, SubmissionEvent
from portal.collection.stores import ValueKey
from tests.cast import member
from tests.collection.api import Machine
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes, numbers_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DUTY = "bieu/BIEU-05/220/2023"


@pytest.fixture
def machine(son_dong_officer):
    return Machine(son_dong_officer)


@pytest.fixture
def stranger(luc_ngan_officer):
    return Machine(luc_ngan_officer)


def row(index=0, **changes):
    values = {key: int(number) for key, number in numbers_of(index).items()} | changes
    return {"unit": codes()[index], "values": values}


@pytest.fixture
def begun(machine):
    """The open submission's address."""
    status, answer = machine.post(DUTY)
    assert status == 201
    return f"bo/{answer['submission']['id']}"


# tokens


def test_a_session_opens_nothing(client, son_dong_officer):
    client.force_login(son_dong_officer)
    answer = client.get("/api/v1/bieu")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_only_the_hash_of_a_token_is_kept(machine):
    secret = machine.made.text.split("_", 2)[2]
    stored = AccessToken.objects.values().get()
    assert not any(secret in str(value) for value in stored.values())
    assert machine.get("bieu")[0] == 200
    assert AccessToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("spoil", ["revoked", "expired", "locked", "reset"])
def test_a_token_ends(machine, son_dong_officer, administrator, spoil):
    token = machine.made.token
    if spoil == "revoked":
        revoke_token(token=token, now=timezone.now())
    elif spoil == "expired":
        AccessToken.objects.update(
            created_at=timezone.now() - datetime.timedelta(days=9),
            expires_at=timezone.now() - datetime.timedelta(seconds=1),
        )
    elif spoil == "locked":
        set_active(user=son_dong_officer, active=False, by=administrator)
    else:
        reset_password(user=son_dong_officer, by=administrator)
    assert machine.get("bieu")[0] == 401


def test_a_token_rests_after_five_failures_right_or_not(machine):
    right = machine.made.text
    wrong = {"Authorization": f"Bearer {right[:-1]}{'x' if right[-1] != 'x' else 'y'}"}
    for _ in range(MOST_FAILURES):
        assert machine.call("GET", "bieu", headers=wrong)[0] == 401
    assert machine.get("bieu")[0] == 429
    FailedSignIn.objects.all().delete()
    assert machine.get("bieu")[0] == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic abc", "Bearer bdt__", "Bearer bdt_é_é", "Bearer " * 99],
)
def test_what_is_no_token_is_turned_away(header):
    answer = Client().get("/api/v1/bieu", headers={"Authorization": header})
    assert answer.status_code == 401


def test_the_own_tokens_are_made_shown_once_and_taken_back(client, son_dong_officer):
    client.force_login(son_dong_officer)
    page = client.post("/tai-khoan/ma-truy-cap", {"name": "Máy dân cư", "days": "30"})
    text = page.content.decode()
    token = AccessToken.objects.get()
    assert f"bdt_{token.key}_" in text
    assert page["Cache-Control"] == "no-store"
    assert f"bdt_{token.key}_" not in client.get("/tai-khoan/ma-truy-cap").content.decode()
    client.post(f"/tai-khoan/ma-truy-cap/{token.pk}/thu-hoi")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_token_needs_a_name_and_a_listed_term(client, son_dong_officer):
    client.force_login(son_dong_officer)
    assert client.post("/tai-khoan/ma-truy-cap", {"name": "", "days": "99999"}).status_code == 422
    assert not AccessToken.objects.exists()


# seeing


def test_a_dataset_tells_its_columns_rows_and_rules(machine):
    status, answer = machine.get(DUTY)
    assert status == 200
    layout = answer["layout"]
    assert [column["key"] for column in layout["columns"]][:2] == ["D01", "D02"]
    assert {unit["code"] for unit in layout["units"]} == set(codes())
    assert "D02-khong-qua-D01" in {rule["code"] for rule in layout["rules"]}
    assert answer["submission"] is None
    assert machine.get("bieu/BIEU-05")[1]["periods"]


def test_another_district_is_not_there(begun, stranger):
    assert stranger.get(DUTY)[0] == 404
    assert stranger.post(DUTY)[0] == 404
    assert stranger.get(begun)[0] == 404
    assert stranger.get(f"{begun}/so-lieu")[0] == 404
    assert stranger.put(f"{begun}/so-lieu", {"rows": [row()]})[0] == 404
    assert stranger.post(f"{begun}/nop", {"digest": "x"})[0] == 404
    assert stranger.get("bo")[1]["submissions"] == []


def test_those_who_only_look_write_nothing(begun, leader):
    looking = Machine(leader)
    assert looking.get(begun)[0] == 200
    assert looking.put(f"{begun}/so-lieu", {"rows": [row()]})[0] == 404
    assert looking.post(f"{begun}/ly-do", {"reasons": []})[0] == 404
    assert looking.post(DUTY)[0] == 404


@pytest.mark.parametrize(
    "path", ["bieu/%00", "bieu/X/220/2023", "bieu/BIEU-05/%00/2023", "bo/999999999999999999999"]
)
def test_what_is_not_there_is_404(machine, path):
    assert machine.get(path)[0] == 404


def test_a_wrong_method_says_which_are_right(machine):
    assert machine.call("DELETE", "bieu")[0] == 405


# writing


def test_rows_are_written_and_read_again(machine, begun):
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0), row(1)]})
    assert (status, answer["written"]["new"]) == (200, 14)
    assert answer["findings"] == []
    rows = machine.get(f"{begun}/so-lieu")[1]["rows"]
    told = {item["unit"]: item["values"] for item in rows}
    assert told[codes()[0]]["D01"] == row(0)["values"]["D01"]
    assert machine.get("bo?status=draft&unit=220")[1]["submissions"][0]["id"]


def test_the_same_rows_again_change_nothing(machine, begun):
    machine.put(f"{begun}/so-lieu", {"rows": [row(0)]})
    events = SubmissionEvent.objects.count()
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0)]})
    assert status == 200
    assert answer["written"] == {"new": 0, "changed": 0, "same": 7, "removed": 0}
    assert SubmissionEvent.objects.count() == events
    assert machine.post(DUTY)[0] == 200


def test_rows_that_are_not_sent_stay_and_emptied_ones_go(machine, begun):
    machine.put(f"{begun}/so-lieu", {"rows": [row(0), row(1)]})
    empty = {"unit": codes()[0], "values": {}}
    assert machine.put(f"{begun}/so-lieu", {"rows": [empty]})[1]["written"]["removed"] == 7
    submission = Submission.objects.get()
    assert {key.unit for key in values_of(submission)} == {codes()[1]}


def test_one_error_and_nothing_is_written(machine, begun):
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0), row(1, D02=99_999)]})
    assert status == 422
    assert answer["error"]["message"] == "Có 1 lỗi; chưa ghi gì."
    [finding] = answer["findings"]
    assert finding["rule"] == "D02-khong-qua-D01"
    assert (finding["unit"], finding["column"]) == (codes()[1], "D02")
    assert not values_of(Submission.objects.get())


def test_values_that_are_not_there_have_a_reason(machine, begun):
    values = {key: {"missing": "not_collected"} for key in row()["values"]} | {"D01": "1.200"}
    assert machine.put(f"{begun}/so-lieu", {"rows": [row() | {"values": values}]})[0] == 200
    stored = values_of(Submission.objects.get())
    assert stored[ValueKey(codes()[0], "D02")][:2] == (None, "not_collected")
    assert stored[ValueKey(codes()[0], "D01")].value == 1200


def test_a_warning_asks_for_a_reason_that_the_reviewer_sees(machine, begun):
    Submission.objects.get().dataset.rules.create(
        code="it", kind="range", columns=["N03"], maximum=1, severity="warning"
    )
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0)]})
    assert status == 200
    [finding] = answer["findings"]
    assert finding["asks_reason"]
    assert "hãy ghi lý do" in finding["message"]
    reason = {
        "rule": "it",
        "unit": codes()[0],
        "column": "N03",
        "text": "Rà soát mới",
    }
    answer = machine.post(f"{begun}/ly-do", {"reasons": [reason]})[1]
    assert [item["reason"] for item in answer["findings"] if item["asks_reason"]] == ["Rà soát mới"]
    unknown = {"reasons": [reason | {"column": "N04"}]}
    assert machine.post(f"{begun}/ly-do", unknown)[0] == 422
    assert machine.put(f"{begun}/so-lieu", {"rows": [row(1)], **unknown})[0] == 422
    assert {key.unit for key in values_of(Submission.objects.get())} == {codes()[0]}


def test_a_reason_lapses_with_the_value_it_was_given_for(machine, begun):
    Submission.objects.get().dataset.rules.create(
        code="it", kind="range", columns=["N03"], maximum=1, severity="warning"
    )
    said = {"rule": "it", "unit": codes()[0], "column": "N03", "text": "Rà soát mới"}
    machine.put(f"{begun}/so-lieu", {"rows": [row(0, N03=21)], "reasons": [said]})

    def reason(number):
        answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0, N03=number)]})[1]
        return [one["reason"] for one in answer["findings"] if one["asks_reason"]]

    assert reason(22) == [""]
    assert reason(21) == ["Rà soát mới"]


def test_handing_in_wants_the_reconciliation_that_was_seen(machine, begun):
    rows = [row(index) for index in range(len(codes()))]
    assert machine.post(f"{begun}/nop", {"digest": "0"})[0] == 409
    machine.put(f"{begun}/so-lieu", {"rows": rows})
    Submission.objects.get().dataset.__class__.objects.update(wants_cover_letter=False)
    digest = machine.get(begun)[1]["digest"]
    assert machine.post(f"{begun}/nop", {"digest": "0" * 64})[0] == 409
    assert machine.post(f"{begun}/nop", {})[0] == 422
    status, answer = machine.post(f"{begun}/nop", {"digest": digest})
    assert (status, answer["submission"]["status"]) == (200, "submitted")
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0)]})
    assert (status, answer["error"]["code"]) == (409, "not_editable")
    services.approve(submission=Submission.objects.get(), by=member("specialist"))
    assert machine.post(DUTY)[0] == 409
    assert machine.post(DUTY, {"reason": "Rà soát lại"})[0] == 201


def letter_of(**changes):
    """The content type and the body of a form with the scan."""
    parts = {"number": "125/UBND-DT", "date": "2023-09-05"} | changes
    scan = parts.pop("scan", SimpleUploadedFile("a.pdf", b"%PDF-1.4 ..."))
    return {
        "body": encode_multipart(BOUNDARY, parts | ({"scan": scan} if scan else {})),
        "content_type": MULTIPART_CONTENT,
    }


def test_a_cover_letter_goes_with_what_a_machine_hands_in(machine, stranger, begun):
    Dataset.objects.update(wants_cover_letter=True)
    machine.put(f"{begun}/so-lieu", {"rows": [row(index) for index in range(len(codes()))]})
    digest = {"digest": machine.get(begun)[1]["digest"]}
    status, answer = machine.post(f"{begun}/nop", digest)
    assert (status, answer["error"]["code"]) == (409, "cover_letter_missing")
    assert stranger.call("POST", f"{begun}/cong-van", **letter_of())[0] == 404
    status, answer = machine.call("POST", f"{begun}/cong-van", **letter_of())
    assert status == 200
    assert answer["submission"]["cover_letter"] == {
        "number": "125/UBND-DT",
        "date": "2023-09-05",
        "has_scan": True,
    }
    assert machine.post(f"{begun}/nop", digest)[0] == 200
    assert machine.call("POST", f"{begun}/cong-van", **letter_of())[0] == 409


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (letter_of(scan=SimpleUploadedFile("a.pdf", b"MZ...")), 422),
        (letter_of(scan=None), 422),
        (letter_of(date="30/02/2023"), 422),
        ({"body": b"{}"}, 415),
        ({"body": b"not a form", "content_type": "multipart/form-data"}, 400),
        (letter_of() | {"body": b"x" * (21 * 2**20)}, 413),
    ],
    ids=["no scan's kind", "no scan", "no day", "JSON", "no boundary", "too large"],
)
def test_what_is_no_cover_letter_is_told(machine, begun, sent, status):
    Dataset.objects.update(wants_cover_letter=True)
    assert machine.call("POST", f"{begun}/cong-van", **sent)[0] == status
    assert not Submission.objects.get().cover_letter_number


# what machines send


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b'{"rows": NaN}', 400),
        (b'{"rows": [], "rows": []}', 400),
        (b'{"rows": 1e999999999}', 400),
        (b'{"rows": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50 + b"1" + b"}" * 50, 400),
        (b'{"rows": "x"}', 422),
        (b'{"rows": [1]}', 422),
        (b'{"rows": []}', 422),
        (b'{"rows": [{}]}', 422),
        (b'{"rows": [], "other": 1}', 422),
        (b'{"rows": [{"unit": 5, "values": {}}]}', 422),
        (b'{"rows": [{"unit": "\\ud800", "values": {"\\ud800": 1}}]}', 422),
        (b'{"rows": [{"unit": null, "values": [], "group": {}}]}', 422),
    ],
)
def test_what_cannot_be_read_is_said_and_never_our_error(machine, begun, body, status):
    assert machine.call("PUT", f"{begun}/so-lieu", body)[0] == status


@pytest.mark.parametrize(
    "value", [[1], {"missing": "why"}, {"missing": None}, {"missing": "x", "more": 1}, "x" * 101]
)
def test_a_value_of_a_wrong_kind_is_told_at_its_place(machine, begun, value):
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0, D01=value)]})
    assert status == 422
    assert [(item["row"], item["field"]) for item in answer["problems"]] == [(0, "D01")]


def test_codes_that_name_nothing_are_all_told(machine, begun):
    rows = [row(0, X9=1), {"unit": "99999", "values": {}}, row(0), row(1) | {"group": "02"}]
    answer = machine.put(f"{begun}/so-lieu", {"rows": rows})[1]
    assert {(item["row"], item["field"]) for item in answer["problems"]} == {
        (0, "X9"), (1, "unit"), (2, "unit"), (3, "group")
    }  # fmt: skip


def test_a_number_beyond_all_numbers_is_an_error_at_its_cell(machine, begun):
    status, answer = machine.put(f"{begun}/so-lieu", {"rows": [row(0, D01=10**25)]})
    assert status == 422
    assert answer["findings"][0]["column"] == "D01"


def test_a_body_that_is_too_large_is_not_read(machine, begun):
    status, _ = machine.call("PUT", f"{begun}/so-lieu", b" " * (8 * 2**20 + 1))
    assert status == 413
    assert machine.call("PUT", f"{begun}/so-lieu", b"{}", content_type="text/xml")[0] == 415


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["unit", "group", "values", "rows", "D01"]), inner)
    ),
    max_leaves=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(["rows", "reasons"]), anything | st.lists(anything)))
def test_whatever_is_sent_gets_a_clean_answer(machine, begun, body):
    content = json.dumps(body).encode()
    assert machine.call("PUT", f"{begun}/so-lieu", content)[0] in (200, 400, 422)


def test_lists_cost_few_queries(machine, begun, opened, django_assert_max_num_queries):
    for year in ("2020", "2021", "2022"):
        opened(time=year)
    with django_assert_max_num_queries(8):
        assert len(machine.get("bo")[1]["submissions"]) == 4


def test_too_many_tokens_are_refused(client, son_dong_officer):
    for _ in range(20):
        make_token(user=son_dong_officer, name="m", days=1, now=timezone.now())
    client.force_login(son_dong_officer)
    page = client.post("/tai-khoan/ma-truy-cap", {"name": "m", "days": "30"})
    assert page.status_code == 422
