"""What the journeys stand on: a running Kith, visitors in a browser, and what is checked on a page."""
