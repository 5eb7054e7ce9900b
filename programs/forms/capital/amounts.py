"""An amount of money as people type it: "1.250,5" million đồng."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from portal.collection.workbooks.numbers import NotANumber, Unclear, parse
from portal.formats import number, rounded

LARGEST = Decimal(10) ** 12


class AmountField(forms.CharField):
    """Million đồng with at most three decimals; what can be read in two ways is asked."""

    def __init__(self, *, label: str = "Số tiền (triệu đồng)", **more: Any) -> None:
        self.signed = more.pop("signed", False)
        messages = {"required": "Ghi số tiền."} | more.pop("error_messages", {})
        super().__init__(label=label, max_length=40, error_messages=messages, **more)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        return self._read(text) if text else None

    def _read(self, text: str) -> Decimal:
        try:
            amount = parse(text.replace("−", "-"), None)
        except Unclear:
            groups = text.replace(".", "").replace(",", "")
            decimal = text.replace(".", ",")
            raise forms.ValidationError(
                f"“{text}” đọc được hai cách. Ghi {groups} hoặc {decimal}."
            ) from None
        except NotANumber:
            raise forms.ValidationError(
                f"“{text}” không phải là số. Ghi số triệu đồng, ví dụ 1250,5."
            ) from None
        if amount != rounded(amount, 3):
            raise forms.ValidationError("Ghi nhiều nhất ba chữ số sau dấu phẩy (đến nghìn đồng).")
        if abs(amount) >= LARGEST:
            raise forms.ValidationError("Số tiền quá lớn. Số này tính bằng triệu đồng.")
        if amount < 0 and not self.signed:
            raise forms.ValidationError("Số tiền không được nhỏ hơn 0.")
        return amount

    def prepare_value(self, value: Any) -> Any:
        """Without dots between thousands: "5.000" would be asked about when it comes back."""
        return number(value).replace(".", "") if isinstance(value, Decimal) else value
