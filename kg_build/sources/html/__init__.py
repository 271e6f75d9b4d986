"""Web pages: the article's text and what the page says of it. Nothing is fetched, nothing is run."""
