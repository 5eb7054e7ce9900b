"""Lists from files: rows of things the portal keeps, told apart by what they say of themselves."""
