"""Adapters: neutral texts from reports of the portal, plain text and Word files."""
