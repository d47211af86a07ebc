"""Works killed at each statement and at random moments, what they leave, and whether they go on to the same end."""
