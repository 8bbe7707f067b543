"""Pure rules and types: no clock, no network, no AWS, no logger."""
