"""What to draw, as values without Qt: panels, primitives, layout, colours, words."""
