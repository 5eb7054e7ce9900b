"""The printed report as a Word file: the same tree of blocks, the decree's styles, real footnotes.

A Word file has no value of a signature; it is for reading, editing elsewhere and copying from.
"""

from .document import WordFacts, word_file

__all__ = ["WordFacts", "word_file"]
