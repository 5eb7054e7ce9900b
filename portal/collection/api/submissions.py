"""Submissions: what they hold, writing rows into them, reasons, handing in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction

from portal.access import SignedInRequest
from portal.collection.models import Submission
from portal.collection.row_owners import writes_rows_only
from portal.collection.services.beside import layout_of
from portal.collection.services.entering import replace_rows
from portal.collection.services.reasons import asked_for, place_of
from portal.collection.services.review import explain_warning, submit
from portal.collection.services.stored_grid import seen_grid_of
from portal.collection.stores import store_of

from .body import body_of, list_of, only, text_of
from .door import SEEING, Answer, Declined, door
from .found import submission_of
from .letter import send_letter
from .rows import sent_rows
from .shapes import findings_shape, submission_shape, values_shape, whole_shape

PER_PAGE = 100
ROWS_PER_PAGE = 1000
MOST_REASONS = 1000


def show_all(request: SignedInRequest) -> Answer:
    """Newest periods first; `dataset`, `unit`, `period` and `status` narrow the list."""
    found = Submission.objects.visible_to(request.user).with_names().defer("findings", "typed")
    names = {"dataset": "dataset__code", "unit": "unit__code", "period": "period__code"}
    for name, field in {**names, "status": "status"}.items():
        wanted = request.GET.get(name, "").replace("\0", "")
        if wanted:
            found = found.filter(**{field: wanted})
    pages = Paginator(found.order_by("-period__end", "-pk"), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return {
        "submissions": [submission_shape(submission) for submission in page],
        "page": page.number,
        "pages": pages.num_pages,
    }


def show(request: SignedInRequest, pk: int) -> Answer:
    found = submission_of(request, pk)
    if writes_rows_only(request.user):  # what is said of the whole is of other people's rows
        return {"submission": submission_shape(found)}
    return whole_shape(found)


def show_values(request: SignedInRequest, pk: int) -> Answer:
    found = submission_of(request, pk)
    grid = seen_grid_of(found, by=request.user)
    if grid.by_measure:
        told = store_of(found.dataset).count(found)
        return {"rows": values_shape(grid, grid[:]) if told else [], "page": 1, "pages": 1}
    pages: Paginator = Paginator(grid, ROWS_PER_PAGE)  # type: ignore[arg-type]
    page = pages.get_page(request.GET.get("page"))
    return {
        "rows": values_shape(grid, list(page.object_list)),
        "page": page.number,
        "pages": pages.num_pages,
    }


@transaction.atomic
def write_values(request: SignedInRequest, pk: int) -> Answer:
    """All rows or none. The same rows again change nothing."""
    body = body_of(request)
    only(body, {"rows", "reasons"})
    found = _own(request, pk)
    layout = layout_of(found)
    sent = sent_rows(body, layout, store_of(found.dataset).current(found))
    checked, written = replace_rows(
        submission=found, layout=layout, rows=sent.rows, texts=sent.texts, by=request.user
    )
    issues = [issue._asdict() for issue in checked.issues]
    if written is None:
        errors = sum(issue["severity"] == "error" for issue in issues)
        raise Declined(
            422,
            "findings",
            f"Có {errors + checked.hidden_issues} lỗi; chưa ghi gì.",
            findings=findings_shape(found, issues),
        )
    found = submission_of(request, pk)
    _give_reasons(request, found, body)
    return {
        "written": written._asdict(),
        "findings": findings_shape(found, issues),
        "submission": submission_shape(found),
    }


def _own(request: SignedInRequest, pk: int) -> Submission:
    """The submission, for those who enter data."""
    found = submission_of(request, pk)
    if not request.user.has_perm("collection.enter"):
        raise Declined(404, "not_found", "Không có mục này.")
    return found


def _give_reasons(request: SignedInRequest, found: Submission, body: dict[str, Any]) -> int:
    """Each must name a warning that is there and asks for a reason; an empty text takes it back."""
    listed = list_of(body, "reasons", most=MOST_REASONS)
    asking = {place_of(issue) for issue in asked_for(found)} if listed else set()
    for index, item in enumerate(listed):
        only(item, {"rule", "unit", "group", "column", "text"})
        names = {name: text_of(item, name, longest=60) for name in ("rule", "unit", "group")}
        place = place_of({**names, "column": text_of(item, "column", longest=60)})
        if place not in asking:
            words = f"Không có cảnh báo nào như lý do thứ {index + 1} nêu; chưa ghi gì."
            raise Declined(422, "unknown_warning", words, index=index)
        explain_warning(
            submission=found,
            rule=place.rule,
            unit_code=place.unit,
            group_code=place.group,
            column_key=place.column,
            text=text_of(item, "text", longest=500),
            by=request.user,
        )
    return len(listed)


@transaction.atomic
def give_reasons(request: SignedInRequest, pk: int) -> Answer:
    body = body_of(request)
    only(body, {"reasons"})
    found = _own(request, pk)
    _give_reasons(request, found, body)
    return show(request, pk)


def hand_in(request: SignedInRequest, pk: int) -> Answer:
    """Submit; `digest` says which reconciliation the sender has looked at."""
    body = body_of(request)
    only(body, {"digest"})
    found = _own(request, pk)
    digest = text_of(body, "digest", longest=64, required=True)
    submit(submission=found, by=request.user, reconciled=digest)
    return whole_shape(submission_of(request, pk))


all_submissions = door(*SEEING, get=show_all)
one_submission = door(*SEEING, get=show)
values = door(*SEEING, get=show_values, put=write_values)
reasons = door("collection.enter", post=give_reasons)
letter = door("collection.submit", post=send_letter)
handing_in = door("collection.submit", post=hand_in)
