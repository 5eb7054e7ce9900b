"""The explorer: from an address to a table, its chart and its files."""
