"""Documents as tables: given away, and brought in from the books of before the portal."""

from .exported import DocumentResource
from .old_books import IncomingBook, LegalBook, OutgoingBook

__all__ = ["DocumentResource", "IncomingBook", "LegalBook", "OutgoingBook"]
