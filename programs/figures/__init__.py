"""Figures of a programme from what is stored: targets, outputs, money on a day."""
