"""The administrator's pages for the rules of a dataset."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.models import Dataset, DatasetRule
from portal.collection.rule_forms import WORDS, RuleForm
from portal.collection.services.ruling import (
    DESIGN,
    delete_rule,
    end_rule,
    is_cited,
    keep_rule,
    move_rule,
    try_rule,
)

from .found import telling


def dataset_of(code: str) -> Dataset:
    if "\0" in code:
        raise Http404
    return get_object_or_404(Dataset, code=code)


def rule_of(dataset: str, pk: int) -> DatasetRule:
    found = dataset_of(dataset)
    rules = DatasetRule.objects.select_related("dataset", "other_dataset")
    return get_object_or_404(rules, dataset=found, pk=pk)


def in_words(rule: DatasetRule, headings: dict[str, str]) -> str:
    """ "Số hộ nghèo không lớn hơn Số hộ": what a rule asks, for the list."""
    parts = " + ".join(headings.get(key, key) for key in rule.columns)
    other = headings.get(rule.other, rule.other)
    relation = rule.get_relation_display()
    kind = DatasetRule.Kind(rule.kind)
    if kind == DatasetRule.Kind.SUM:
        return f"{parts} {relation} {other}"
    if kind == DatasetRule.Kind.CROSS:
        return f"{parts} {relation} số liệu của biểu {rule.other_dataset}"
    if kind == DatasetRule.Kind.REQUIRED_IF:
        return f"{parts} phải có khi có {other}"
    if kind == DatasetRule.Kind.RATIO:
        return f"{parts} / {other} trong khoảng"
    words = f"{parts} {kind.label}"
    return f"{words} {other}".strip()


@permission_needed(DESIGN)
def rule_list(request: HttpRequest, dataset: str) -> HttpResponse:
    found = dataset_of(dataset)
    headings = dict(found.columns.values_list("key", "heading"))
    today = timezone.localdate()
    rules = [
        {
            "rule": rule,
            "words": in_words(rule, headings),
            "ended": rule.until is not None and rule.until <= today,
        }
        for rule in found.rules.select_related("other_dataset")
    ]
    return render(request, "collection/rule_list.html", {"dataset": found, "rules": rules})


@permission_needed(DESIGN)
def rule_create(request: HttpRequest, dataset: str) -> HttpResponse:
    """First the kind (and the other dataset), then its fields."""
    found = dataset_of(dataset)
    kind, other = request.GET.get("loai", ""), request.GET.get("bieu", "").replace("\0", "")
    across = kind == DatasetRule.Kind.CROSS
    elsewhere = Dataset.objects.active().exclude(pk=found.pk)
    chosen = elsewhere.filter(code=other).first() if across else None
    if kind not in DatasetRule.Kind.values or (across and chosen is None):
        kinds = [
            {"value": value, "label": label, "words": WORDS[DatasetRule.Kind(value)]}
            for value, label in DatasetRule.Kind.choices
        ]
        context = {"dataset": found, "kinds": kinds, "elsewhere": elsewhere, "across": across}
        return render(request, "collection/rule_choose.html", context)
    rule = DatasetRule(dataset=found, kind=kind, other_dataset=chosen)
    return edit(request, rule)


@permission_needed(DESIGN)
def rule_update(request: HttpRequest, dataset: str, pk: int) -> HttpResponse:
    return edit(request, rule_of(dataset, pk))


def edit(request: HttpRequest, rule: DatasetRule) -> HttpResponse:
    """The form; "Thử" shows what the rule as typed would say, without keeping it."""
    form = RuleForm(request.POST or None, instance=rule)
    trial = None
    if request.method == "POST" and form.is_valid():
        if "thu" in request.POST:
            form.instance.code = form.instance.code or "thu"
            trial = try_rule(form.instance)
        else:
            with telling(request):
                keep_rule(rule=form.instance, by=request.user)
                messages.success(request, "Đã lưu quy tắc.")
            return redirect("collection:rule_list", dataset=rule.dataset.code)
    context = {
        "dataset": rule.dataset,
        "rule": rule,
        "form": form,
        "trial": trial,
        "words": WORDS[DatasetRule.Kind(rule.kind)],
        "cited": rule.pk is not None and is_cited(rule),
        "today": timezone.localdate(),
    }
    return render(request, "collection/rule_form.html", context, status=422 if form.errors else 200)


@require_POST
@permission_needed(DESIGN)
def rule_move(request: HttpRequest, dataset: str, pk: int) -> HttpResponse:
    with telling(request):
        move_rule(rule=rule_of(dataset, pk), up="len" in request.POST, by=request.user)
    return redirect("collection:rule_list", dataset=dataset)


@require_POST
@permission_needed(DESIGN)
def rule_end(request: HttpRequest, dataset: str, pk: int) -> HttpResponse:
    """Switch off from a day on; an empty day switches on again."""
    rule, text = rule_of(dataset, pk), request.POST.get("ngay", "").strip()
    try:
        day = datetime.datetime.strptime(text, "%d/%m/%Y").date() if text else None
    except ValueError:
        messages.error(request, "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 01/01/2024.")
        return redirect("collection:rule_update", dataset=dataset, pk=pk)
    with telling(request):
        end_rule(rule=rule, day=day, by=request.user)
        messages.success(request, "Đã lưu ngày ngừng." if day else "Quy tắc được áp dụng tiếp.")
    return redirect("collection:rule_list", dataset=dataset)


@require_POST
@permission_needed(DESIGN)
def rule_delete(request: HttpRequest, dataset: str, pk: int) -> HttpResponse:
    with telling(request):
        delete_rule(rule=rule_of(dataset, pk), by=request.user)
        messages.success(request, "Đã xoá quy tắc.")
    return redirect("collection:rule_list", dataset=dataset)
