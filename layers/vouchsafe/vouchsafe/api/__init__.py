"""The HTTP vocabulary: vendor words live here and stop here."""
