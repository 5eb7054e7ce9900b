"""Workbooks as officers make them, built in code, and the layouts they are read with."""
