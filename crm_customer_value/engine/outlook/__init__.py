"""What is learned from the purchases of a company, and what it says of each customer."""
