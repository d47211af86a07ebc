"""“Dates à venir”: the next dates of one's events, what one does with them in a hurry, notes on those of others."""
