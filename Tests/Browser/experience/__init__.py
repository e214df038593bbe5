"""The rules of how Kith feels, each with its check: what `make experience` runs on everything, and `make ci` in part."""
