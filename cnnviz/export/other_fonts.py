"""What is known of the type in which a text is set where Inter is not installed."""

WIDER = 1.25
"""How much wider than in Inter lines may be.

In DejaVu Sans, the widest of what Linux has, words are so by 1.07 and bold sums by 1.24.
"""
