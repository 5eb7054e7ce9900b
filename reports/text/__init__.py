"""The text of a report before any database: what may stand in it, labels and places of sections."""
