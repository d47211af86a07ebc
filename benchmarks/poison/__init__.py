"""Tasks and mail while workers are killed, tasks fail, and the mail server refuses (`python -m benchmarks.poison`)."""
