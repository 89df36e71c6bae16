"""What is seen and touched: widgets that show a state and say what was asked."""
