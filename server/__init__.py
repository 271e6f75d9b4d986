"""Serves a built graph: a SPARQL 1.1 endpoint and a page to ask it from."""
