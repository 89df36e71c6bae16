"""Intents become moments: session, player, editing, exporting, the table of actions."""
