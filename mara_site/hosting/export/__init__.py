"""One groupement, whole, in a ZIP that is read without this software: HTML to read, JSON and CSV to take up again."""
