"""What leaders look at: approved data on one screen, and everybody's own work on another."""
