"""The body of a request as strict JSON: one meaning for every text, sizes that are bounded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from .door import Declined

MOST_BYTES = 8 * 2**20
MOST_DIGITS = 30
DEEPEST = 20


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; no body is an empty one.

    Raises:
        Declined: 400 malformed, 413 too large, 415 another kind of content.
    """
    raw = _bytes_of(request)
    if not raw.strip():
        return {}
    if request.content_type != "application/json":
        raise Declined(415, "content_type", "Gửi nội dung kiểu application/json.")
    try:
        text = raw.decode("utf-8-sig")
        found = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_once_each,
        )
        _not_deeper(found, DEEPEST)
    except Declined:
        raise
    except UnicodeDecodeError as error:
        raise Declined(400, "encoding", "Nội dung phải là UTF-8.") from error
    except RecursionError as error:
        raise too_deep() from error
    except ValueError as error:
        place = ""
        if isinstance(error, json.JSONDecodeError):
            place = f" (dòng {error.lineno}, cột {error.colno})"
        raise Declined(400, "json", f"Nội dung không phải JSON đúng{place}.") from error
    if not isinstance(found, dict):
        raise Declined(400, "shape", "Nội dung phải là một đối tượng JSON.")
    return found


def too_deep() -> Declined:
    return Declined(400, "depth", "Nội dung lồng nhau quá sâu.")


def _bytes_of(request: HttpRequest) -> bytes:
    large = Declined(413, "too_large", f"Mỗi lần gửi không quá {MOST_BYTES // 2**20} MB.")
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise large
        raw = request.read(MOST_BYTES + 1)
    except (ValueError, UnreadablePostError) as error:
        raise Declined(400, "unreadable", "Không nhận đủ nội dung. Hãy gửi lại.") from error
    if len(raw) > MOST_BYTES:
        raise large
    return raw


def _number(text: str) -> Decimal:
    """Exactly what was written, within what any column can hold."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is None or len(text) > 60 or abs(number.adjusted()) > MOST_DIGITS:
        raise Declined(400, "number", f"Số “{text[:40]}” quá lớn hoặc quá dài.")
    return number


def _no_number(text: str) -> NoReturn:
    raise Declined(400, "number", f"“{text}” không phải là số.")


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Declined(400, "duplicate_key", f"Khoá “{twice[:60]}” có hai lần.")
    return found


def _not_deeper(found: Any, depth: int) -> None:
    if not isinstance(found, (dict, list)):
        return
    if depth == 0:
        raise too_deep()
    for item in found.values() if isinstance(found, dict) else found:
        _not_deeper(item, depth - 1)


def list_of(body: dict[str, Any], name: str, *, most: int, required: bool = False) -> list[dict]:
    """A list of objects.

    Raises:
        Declined: 422.
    """
    found = body.get(name)
    if found is None and not required:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Declined(422, "shape", f"“{name}” phải là một danh sách các đối tượng.")
    if len(found) > most:
        raise Declined(422, "too_many", f"“{name}” có quá {most} mục. Hãy chia ra nhiều lần gửi.")
    return found


def text_of(item: dict[str, Any], name: str, *, longest: int, required: bool = False) -> str:
    """A text; absent or null is "".

    Raises:
        Declined: 422.
    """
    found = item.get(name)
    if found is None and not required:
        return ""
    if not isinstance(found, str) or len(found) > longest or (required and not found.strip()):
        raise Declined(422, "shape", f"“{name}” phải là chữ, không quá {longest} ký tự.")
    return found


def only(item: dict[str, Any], names: set[str]) -> None:
    """A misspelt name is told, not passed over.

    Raises:
        Declined: 422.
    """
    if unknown := sorted(set(item) - names):
        raise Declined(422, "unknown_key", f"Không hiểu khoá “{unknown[0][:60]}”.")
