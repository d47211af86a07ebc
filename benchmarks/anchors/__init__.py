"""Our pages beside those of products that people would choose instead, asked in the same run."""
