"""Mend cells of a waiting file: only what a mended cell touches is checked again.

The cell, the rules of its row, and the rules of columns that see it run over the parsed rows that
were kept beside the upload; the file is not opened, and stays as it was sent.
"""

from .cells import NotKept
from .mends import mend, unmend

__all__ = ["NotKept", "mend", "unmend"]
