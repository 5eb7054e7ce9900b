"""Reads one untrusted file in a process of its own and prints it as JSON lines.

This package is started by `source.open_workbook` with its own folder on the path and imports
nothing of the portal and no Django: it may be killed by its limits or aborted by the native
reader at any moment, and nothing is lost.
"""
