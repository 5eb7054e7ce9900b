"""The clerk's books as rows of text, in the columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV.

A book knows nothing of paper: a higher room prints it, a page shows its beginning.
"""

from .book import Book, Column, Period, UnknownBook, counted
from .registers import register_title
from .shelf import book_of, choices_for
from .words import progress_words

__all__ = [
    "Book",
    "Column",
    "Period",
    "UnknownBook",
    "book_of",
    "choices_for",
    "counted",
    "progress_words",
    "register_title",
]
