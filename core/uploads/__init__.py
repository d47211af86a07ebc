"""Files that people send: what they are is read from their content, never from their name."""
