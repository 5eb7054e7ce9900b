"""Which levels approve each dataset, and when its periods close: for who designs the collection."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import ClosingForm, LevelsForm
from portal.collection.models import Dataset, Reviewer
from portal.collection.services.closing import set_closing_rule
from portal.collection.services.levels import set_review_levels

from .found import telling


@permission_needed("collection.design")
def level_list(request: HttpRequest) -> HttpResponse:
    """Every dataset with who approves it today and when it closes."""
    today = timezone.localdate()
    datasets = Dataset.objects.active().prefetch_related("review_levels", "closing_rules")
    rows = [
        {
            "dataset": dataset,
            "levels": [level for level in dataset.review_levels.all() if today in level.valid],
            "closing": next(
                (rule for rule in dataset.closing_rules.all() if today in rule.valid), None
            ),
        }
        for dataset in datasets
    ]
    return render(request, "collection/level_list.html", {"rows": rows})


def dataset_of(code: str) -> Dataset:
    return get_object_or_404(Dataset, code=code.replace("\0", ""))


@permission_needed("collection.design")
def level_edit(request: HttpRequest, dataset: str) -> HttpResponse:
    """The levels of one dataset by date, and the form that changes them from a day on."""
    found = dataset_of(dataset)
    today = timezone.localdate()
    now = list(found.review_levels.on(today).values_list("reviewer", flat=True))
    form = LevelsForm(request.POST or None, initial={"reviewers": now or [Reviewer.COMMITTEE]})
    if request.method == "POST" and form.is_valid():
        with telling(request):
            set_review_levels(
                dataset=found,
                reviewers=form.cleaned_data["reviewers"],
                since=form.cleaned_data["since"],
                by=request.user,
            )
            messages.success(request, f"Đã lưu các cấp duyệt của {found}.")
        return redirect("collection:level_edit", dataset=found.code)
    return shown(request, found, form, ClosingForm())


@require_POST
@permission_needed("collection.design")
def closing_edit(request: HttpRequest, dataset: str) -> HttpResponse:
    found = dataset_of(dataset)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return shown(request, found, LevelsForm(), form)
    with telling(request):
        set_closing_rule(
            dataset=found,
            days=form.cleaned_data["days"],
            since=form.cleaned_data["since"],
            by=request.user,
        )
        messages.success(request, f"Đã lưu ngày khoá sổ của {found}.")
    return redirect("collection:level_edit", dataset=found.code)


def shown(
    request: HttpRequest, found: Dataset, levels: LevelsForm, closing: ClosingForm
) -> HttpResponse:
    times: dict[tuple, list] = {}
    for level in found.review_levels.order_by("valid", "position"):
        times.setdefault((level.valid.lower, level.valid.upper), []).append(level)
    context = {
        "dataset": found,
        "times": [
            {"lower": lower, "upper": upper, "levels": own} for (lower, upper), own in times.items()
        ],
        "rules": found.closing_rules.all(),
        "form": levels,
        "closing": closing,
    }
    failed = levels.errors or closing.errors
    return render(request, "collection/level_edit.html", context, status=422 if failed else 200)
