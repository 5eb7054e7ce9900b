"""Lists of choices are drawn as Django's own templates draw them."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from portal.form_drawing import QuickForms
from programs.forms.quick import QuickSelect

GROUPED = [("", "<Tất cả>"), ("1", "Một & 'hai'"), (3, 4000), ("Nhóm", [("q", "w"), ("e", 'r"t')])]


def squeezed(html: str) -> str:
    return re.sub(r">\s+<", "><", html).strip()


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=GROUPED), "q"),
        (forms.Select(choices=GROUPED), None),
        (forms.SelectMultiple(choices=GROUPED[:3]), ["1", "3"]),
        (forms.Select(attrs={"data-x": True, "disabled": False, "title": '"<'}), 1),
        (forms.NullBooleanSelect(), "true"),
    ],
)
def test_a_list_of_choices_is_drawn_as_django_draws_it(widget, value):
    usual = widget.render("ten", value, {"id": "id_ten"}, renderer=DjangoTemplates())
    ours = widget.render("ten", value, {"id": "id_ten"}, renderer=QuickForms())
    assert squeezed(ours) == squeezed(usual)


def test_other_widgets_and_options_of_their_own_are_left_to_the_templates():
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    for widget in (forms.TextInput(), Own(choices=[("1", "một")])):
        usual = widget.render("ten", "1", {}, renderer=DjangoTemplates())
        assert squeezed(widget.render("ten", "1", {}, renderer=QuickForms())) == squeezed(usual)


def test_a_quick_list_says_the_same_and_escapes_what_it_is_told():
    choices = [("", "Tất cả"), (1, "<b>"), ('"', "&")]
    quick, usual = QuickSelect(choices=choices), forms.Select(choices=choices)
    drawn = quick.render("ten", 1, {"id": "id_ten"}, renderer=QuickForms())
    assert squeezed(drawn) == squeezed(usual.render("ten", 1, {"id": "id_ten"}))
