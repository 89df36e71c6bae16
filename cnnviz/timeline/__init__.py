"""When: sections and steps by arithmetic, and the Frame of facts at any step."""
