"""Which books there are for whom, by their key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.documents.models import Direction, Register

from .book import Book, Period, UnknownBook
from .desk import cases_book, copies_book, post_book
from .registers import follow_up_book, register_book

if TYPE_CHECKING:
    from portal.accounts.models import User

DESK = {
    "buu-dien": ("Sổ gửi văn bản đi bưu điện", post_book),
    "ban-luu": ("Sổ sử dụng bản lưu", copies_book),
    "ho-so": ("Danh mục hồ sơ", cases_book),
}


def choices_for(user: User) -> list[tuple[str, str]]:
    """Key and words of every book this person may print."""
    registers = list(Register.objects.visible_to(user).numbered().select_related("issuer"))
    found = [(f"dang-ky:{register.code}", str(register)) for register in registers]
    found += [
        (f"theo-doi:{register.code}", f"Sổ theo dõi giải quyết ({str(register).lower()})")
        for register in registers
        if register.direction == Direction.INCOMING
    ]
    if registers:
        found += [(key, words) for key, (words, _) in DESK.items()]
    return found


def book_of(key: str, *, user: User, period: Period) -> Book:
    """The book of that key over `period`, with what this person may see.

    Raises:
        UnknownBook: there is none, or not for this person.
    """
    if key not in dict(choices_for(user)):
        raise UnknownBook(key)
    if key in DESK:
        return DESK[key][1](user, period)
    kind, _, code = key.partition(":")
    register = Register.objects.select_related("issuer").get(code=code)
    return (register_book if kind == "dang-ky" else follow_up_book)(register, period)
