"""Pages of the copies of documents: begun, numbered, sealed, printed."""
