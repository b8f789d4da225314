"""Reading tables that people bring as files, whatever their notation, and finding whom they name."""
