"""The demo's money, through the ledger's own triggers: lines, changes, payments, medium term."""

from .allocating import write_capital
from .medium_term import write_medium_term
from .paying import write_payments

__all__ = ["write_capital", "write_medium_term", "write_payments"]
