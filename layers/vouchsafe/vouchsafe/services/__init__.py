"""One module per authority; each function takes the ports it needs by keyword."""
