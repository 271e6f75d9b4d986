"""Trains the reader's model from annotated documents; needs the packages of the extra ``train``."""
