"""What packaging/ uses of fontTools, which ships no types."""
