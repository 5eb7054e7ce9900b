"""The books: their series of numbers, and their pages for printing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from portal.access import PermissionNeededMixin, SignedInRequest, permission_needed
from portal.documents import services
from portal.documents.books import register_title
from portal.documents.citation import written_number
from portal.documents.forms import NumberingForm, OldBookForm, TakeNumberForm, VoidNumberForm
from portal.documents.models import IssuedNumber, NumberSeries, Register
from portal.units.models import IssuingAgency

from .above import url_above

PER_PAGE = 50


def the_register(request: HttpRequest, code: str) -> Register:
    return get_object_or_404(
        Register.objects.visible_to(request.user).exclude(numbering=Register.Numbering.NONE),
        code=code,
    )


def asked_year(request: HttpRequest) -> int:
    """The year of the address, or this year."""
    asked = request.GET.get("nam", "")
    if asked.isascii() and asked.isdigit() and 1945 <= int(asked[:6]) <= 9999:
        return int(asked)
    return timezone.localdate().year


class RegisterList(PermissionNeededMixin, TemplateView):
    permissions = ("documents.view",)
    template_name = "documents/register_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registers = Register.objects.visible_to(self.request.user).exclude(
            numbering=Register.Numbering.NONE
        )
        if not registers:
            raise Http404
        return super().get_context_data(registers=registers.prefetch_related("series"), **kwargs)


class YearOfRegister(PermissionNeededMixin, TemplateView):
    """One register in one year, with its numbers."""

    permissions = ("documents.view",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = the_register(self.request, kwargs["code"])
        year = asked_year(self.request)
        years = set(register.series.values_list("year", flat=True)) | {timezone.localdate().year}
        return super().get_context_data(
            **kwargs,
            register=register,
            year=year,
            years=sorted(years | {year}, reverse=True),
            numbers=self.numbers(register, year),
        )

    def numbers(self, register: Register, year: int) -> Any:
        return (
            IssuedNumber.objects.of(register, year)
            .select_related("document__document_type", "document__issuer", "taken_by", "voided_by")
            .order_by("number")
        )


class RegisterDetail(YearOfRegister):
    template_name = "documents/register_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        register, year = context["register"], context["year"]
        series = NumberSeries.objects.filter(register=register, year=year).first()
        numbers = context["numbers"].order_by("-number")
        return context | {
            "last": series.last if series else 0,
            "unused": context["numbers"].unused().count(),
            "page_obj": Paginator(numbers, PER_PAGE).get_page(self.request.GET.get("page")),
            "takes": self.request.user.has_perm("documents.number"),  # type: ignore[union-attr]
            "take_form": TakeNumberForm(register=register),
            "old_book_form": OldBookForm(),
            "numbering_form": NumberingForm(initial={"numbering": register.numbering}),
            "copies_url": url_above("reports:copy_list"),
        }


class RegisterPrint(YearOfRegister):
    """The register with all columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV, to print and bind."""

    def get_template_names(self) -> list[str]:
        return [f"documents/register_{self.direction}_print.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        self.direction = context["register"].direction
        day = timezone.localdate().replace(year=context["year"], month=12, day=31)
        return context | {
            "numbers": context["numbers"].with_remarks(),
            "agency": IssuingAgency.objects.filter(valid__contains=day).first(),
            "book_title": register_title(context["register"]),
        }


def back_to(register: Register, year: int) -> HttpResponse:
    return redirect(f"{reverse('documents:register_detail', args=[register.code])}?nam={year}")


def first_error(form: Any) -> str:
    return next(str(errors[0]) for errors in form.errors.values())


@require_POST
@permission_needed("documents.number")
def number_take(request: SignedInRequest, code: str) -> HttpResponse:
    register = the_register(request, code)
    form = TakeNumberForm(request.POST, register=register)
    if not form.is_valid():
        messages.error(request, f"Chưa lấy số: {first_error(form)}")
        return redirect(register)
    asked = form.cleaned_data
    common = {
        "register": register,
        "on": asked["date"],
        "by": request.user,
        "purpose": asked["purpose"],
    }
    disorder = services.out_of_order(register=register, on=asked["date"])
    try:
        if asked.get("number"):
            number = services.accept_given_number(number=asked["number"], **common)
        else:
            number = services.take_number(**common)
    except services.NumberRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"Đã lấy số {written_number(number)} ngày {asked['date']:%d/%m/%Y}."
        )
        if disorder:
            messages.warning(request, f"{disorder} Số và ngày nên theo thứ tự phát hành.")
    return back_to(register, asked["date"].year)


@require_POST
@permission_needed("documents.number")
def number_void(request: SignedInRequest, code: str) -> HttpResponse:
    register = the_register(request, code)
    form = VoidNumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa huỷ số: hãy ghi lý do.")
        return redirect(register)
    try:
        issued = services.void_number(register=register, by=request.user, **form.cleaned_data)
    except services.NumberRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã huỷ số {issued.written}. Số vẫn nằm trong sổ kèm lý do.")
    return back_to(register, form.cleaned_data["year"])


@require_POST
@permission_needed("documents.number")
def numbering_set(request: SignedInRequest, code: str) -> HttpResponse:
    register = the_register(request, code)
    form = NumberingForm(request.POST)
    if form.is_valid():
        register = services.set_numbering(
            register=register, numbering=form.cleaned_data["numbering"]
        )
        messages.success(request, f"Cách lấy số: {register.get_numbering_display().lower()}.")
    else:
        messages.error(request, "Hãy chọn một cách lấy số.")
    return redirect(register)


@require_POST
@permission_needed("documents.number")
def old_book(request: SignedInRequest, code: str) -> HttpResponse:
    register = the_register(request, code)
    form = OldBookForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Chưa ghi được: {first_error(form)}")
        return redirect(register)
    date, last = form.cleaned_data["date"], form.cleaned_data["last"]
    try:
        services.open_series(register=register, year=date.year, last=last, by=request.user, on=date)
    except services.NumberRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"Số tiếp theo của năm {date.year} là {written_number(last + 1)}."
        )
    return back_to(register, date.year)
