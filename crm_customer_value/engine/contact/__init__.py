"""What contacts with customers cost, and how long ago the last one was."""
