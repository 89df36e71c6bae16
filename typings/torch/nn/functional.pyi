# The options come from JSON, so their types say nothing.
from typing import Any

def __getattr__(name: str) -> Any: ...
