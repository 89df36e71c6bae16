"""A plan of frames becomes files."""
