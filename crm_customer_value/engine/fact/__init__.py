"""What is known of a customer before anything is judged: documents, measures, lateness, evidence."""
