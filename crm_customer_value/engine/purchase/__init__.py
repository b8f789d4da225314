"""Reading files of purchases, whatever their notation, and bringing them in by sets."""
