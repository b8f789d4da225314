"""What customers gain from us: the gain of a measurement, and what their needs, goals and answers say."""
