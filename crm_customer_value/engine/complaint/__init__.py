"""What complaints and suggestions say of a customer, and what is at stake while one is open."""
