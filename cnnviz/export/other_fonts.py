"""What is known of the type in which a text is set where Inter is not installed."""

WIDER = 1.25
"""How much wider than in Inter lines may be: words are by 1.07, bold sums by 1.24 in DejaVu Sans, the widest of what Linux has."""
