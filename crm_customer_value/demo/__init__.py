"""Demo data; its Python is loaded with the data, and is no part of a live database."""
