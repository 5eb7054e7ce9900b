"""What the ledger of capital says day by day, and what it refuses in words.

The triggers of the database hold the rules (migration 0004); this room asks the same beforehand,
so that a person reads which line, which day, what is left and what to do.
"""

from .lines import follow, label, locked, with_names
from .moves import Day, Moves, moves_of
from .refusals import LedgerRefused, refusal_of, translated
from .weighing import NewChange, NewPayment, weigh_changes, weigh_payments

__all__ = [
    "Day",
    "LedgerRefused",
    "Moves",
    "NewChange",
    "NewPayment",
    "follow",
    "label",
    "locked",
    "moves_of",
    "refusal_of",
    "translated",
    "weigh_changes",
    "weigh_payments",
    "with_names",
]
