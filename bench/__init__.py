"""How fast files come in, beside other ways to do the same: `make bench`."""
