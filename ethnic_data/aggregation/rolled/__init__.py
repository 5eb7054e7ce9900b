"""Figures from the sums that are kept, where they say the same as the values."""
