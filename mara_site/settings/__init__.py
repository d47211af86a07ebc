"""Settings: `base` is fit for production; `production` completes it; `demo`, `dev` and `test` relax it."""
