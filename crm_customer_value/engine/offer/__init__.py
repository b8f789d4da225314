"""What to offer a customer: products that customers like this one buy as well, and products that are due again."""
