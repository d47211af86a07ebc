"""Settings: `base` fits production, `production` completes it, `local` relaxes it for `demo`, `dev` and `test`."""
