"""What units sent by the programme's workbooks, through the collection's own services.

Money that a workbook tells is left out where the ledger is filled (`Told`): it is posted when the
workbook is approved, as any other.
"""

from .delivery import Delivery, Fate, send
from .every import deliveries, send_missing
from .money import Told, plans

__all__ = ["Delivery", "Fate", "Told", "deliveries", "plans", "send", "send_missing"]
