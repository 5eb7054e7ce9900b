"""Lists of the programmes as workbooks: given away, edited, and taken back in."""

from .decisions import DecisionResource

__all__ = ["DecisionResource"]
