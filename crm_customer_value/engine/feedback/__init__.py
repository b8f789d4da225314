"""What customers answer when they are asked: whom to ask, scales, what the answers say of all, and of one customer."""
