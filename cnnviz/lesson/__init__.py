"""The document: an immutable Lesson and the named pure edits that make a new one."""
