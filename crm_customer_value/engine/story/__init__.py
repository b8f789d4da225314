"""Month ends that are kept, what changed between two days, and what other rules would change."""
