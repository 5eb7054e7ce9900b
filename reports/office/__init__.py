"""Records of the committee's own work: their pages, and how a report takes them into its text."""
