"""The look holds for every template: words, colours that can be read, no inline style or script."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string

from portal import charts, navigation
from portal.templatetags.portal_components import STATUS_ICONS, icon

TEMPLATES = Path(settings.BASE_DIR) / "templates"
LOOK = Path(settings.BASE_DIR) / "static" / "portal"


def signed_in(**more):
    return SimpleNamespace(
        is_authenticated=True,
        has_perm=lambda permission: permission in more.get("permissions", ()),
        get_full_name=lambda: "Nguyễn Thị Hoa",
        get_username=lambda: "hoa",
        get_role_display=lambda: "Chuyên viên",
        title="",
    )


def request_of(rf, user, path="/"):
    request = rf.get(path)
    request.user = user
    return request


@pytest.mark.slow
@pytest.mark.django_db
def test_the_gallery_shows_every_building_block(rf):
    chart = charts.horizontal_bars([charts.Bar("Sơn Động", 1)], title="t", unit="%")
    page = render_to_string(
        "components/gallery.html",
        {
            "bars": chart,
            "line": chart,
            "stack": chart,
            "map": chart,
            "rows": [{"name": "Xã An Lạc", "kind": "done", "word": "Đã duyệt", "missing": "x"}],
            "page_obj": Paginator(range(209), 20).page(4),
            "tabs": [{"label": "Chờ duyệt", "url": "#", "current": True, "count": 0}],
            "events": [{"kind": "done", "what": "Nộp số liệu"}],
            "facts": [("Người ký", None)],
        },
        request=request_of(rf, signed_in(), "/?nam=2023&page=4"),
    )
    assert "61–80 trong 209 xã" in page
    assert "?nam=2023&amp;page=5" in page
    assert "Không có số liệu" in page
    unused = {
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if path.name != "gallery.html" and path.name not in _shown_names("components/gallery.html")
    }
    assert unused <= {"topbar_public.html"}


def _shown_names(name, found=None):
    found = set() if found is None else found
    text = (TEMPLATES / name).read_text()
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    for used in re.findall(r'{% (?:include|extends) "([^"]+)"', text):
        if Path(used).name not in found:
            found.add(Path(used).name)
            _shown_names(used, found)
    return found


# those of "rendering" and "print" are drawn by WeasyPrint, not shown by a browser
SHOWN = sorted(
    path for path in TEMPLATES.rglob("*.html") if not {"rendering", "print"} & set(path.parts)
)


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_needs_what_the_content_security_policy_forbids(path):
    text = path.read_text()
    assert not re.search(r"<[^>{]+\sstyle=", text)
    assert not re.search(r"<[^>{]+\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)
    assert "<style" not in text
    assert not re.search(r'(?:src|href)="https?:', text)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens():
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (LOOK / "base.css").read_text()))


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        ("ink", "ground"),
        ("quiet", "ground"),
        ("quiet", "quiet-wash"),
        ("information", "ground"),
        ("information", "information-wash"),
        ("done", "done-wash"),
        ("waiting", "waiting-wash"),
        ("wrong", "wrong-wash"),
        ("red", "red-wash"),
        ("surface", "red"),
    ],
)
def test_letters_can_be_read_on_their_ground(letters, ground):
    assert contrast(tokens()[letters], tokens()[ground]) >= 4.5


def test_every_file_the_style_sheets_name_is_there():
    for sheet in LOOK.glob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            found = (Path("portal") / name).as_posix()
            parts = [part for part in Path(found).parts if part != ".."]
            plain = "/".join(parts[1:]) if "../" in name else found
            assert finders.find(plain), f"{sheet.name}: {name}"


def test_icons_are_drawn_in_the_page_and_unknown_ones_are_found_at_once():
    assert icon("check-circle-fill").startswith("<svg")
    for name in STATUS_ICONS.values():
        assert "aria-hidden" in icon(name)
    for name in ("no-such-icon", "../package", ""):
        with pytest.raises(ImproperlyConfigured):
            icon(name)


def test_every_icon_of_the_navigation_exists():
    entries = [entry for group in navigation.GROUPS for entry in group.entries]
    for entry in [*entries, *navigation.PUBLIC_LINKS, *navigation.ACCOUNT_LINKS]:
        icon(entry.icon)


def test_a_chip_has_colour_icon_and_word_and_escapes_it():
    shown = Template("{% chip kind word %}").render(Context({"kind": "done", "word": "<b>"}))
    assert "chip--done" in shown
    assert "&lt;b&gt;" in shown
    with pytest.raises(TemplateSyntaxError):
        Template('{% chip "no-such-kind" "x" %}').render(Context())


def test_strangers_get_the_public_bar_and_no_navigation(rf):
    shown = navigation.navigation(request_of(rf, AnonymousUser()))
    assert "navigation" not in shown
    assert "account_name" not in shown


def test_the_navigation_holds_only_what_the_role_may_open(rf):
    without = navigation.shown_groups(request_of(rf, signed_in()))
    administrator = signed_in(permissions={"accounts.manage"})
    within = navigation.shown_groups(request_of(rf, administrator))
    labels = [entry.label for _, entries in within for entry in entries]
    assert "Tài khoản" in labels
    assert "Tài khoản" not in [entry.label for _, entries in without for entry in entries]


def test_only_the_nearest_place_of_the_navigation_is_current(rf):
    user = signed_in(permissions={"accounts.manage", "units.view"})
    path = navigation.address("accounts:user_list")
    groups = navigation.shown_groups(request_of(rf, user, f"{path}/them"))
    current = [entry.label for _, entries in groups for entry in entries if entry.current]
    assert current == ["Tài khoản"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "405.html"])
def test_plain_pages_say_what_to_do_next(rf, name):
    page = render_to_string(name, request=request_of(rf, AnonymousUser()))
    assert page.count("<h1") == 1
    assert "Về trang chủ" in page


def test_the_page_for_our_own_fault_needs_nothing_but_itself():
    page = render_to_string("500.html", {"support_code": "7F3K"})
    assert "7F3K" in page
