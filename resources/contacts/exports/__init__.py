"""What is shown, in other forms: one module for each format."""
