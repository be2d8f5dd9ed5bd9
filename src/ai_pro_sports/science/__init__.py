"""The science: pure functions of arrays and frames; it does not know where data lives."""
