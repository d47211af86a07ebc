"""One module for each kind of content of the demonstration. Each adds what is missing and changes nothing else."""
