"""Thematic dashboards: lists of panels that are selections of the explorer."""
