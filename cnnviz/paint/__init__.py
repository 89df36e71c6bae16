"""QtGui only: one painter for every Scene."""
