"""PDF files: their text, line by line with its place on the page, and the paragraphs that the lines make up."""
