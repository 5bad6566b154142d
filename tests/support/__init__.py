"""What the tests lean on: the browser, the closed network, the store, the table of requirements."""
