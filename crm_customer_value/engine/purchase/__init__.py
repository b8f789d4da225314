"""What a file of purchases says, and bringing it in by sets."""
