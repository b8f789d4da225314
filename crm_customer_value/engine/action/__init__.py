"""Which of all that could be done with customers is on whose list of a day, as SQL."""
