"""What is compared with PyTorch itself is left out where PyTorch is not installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_torch_live.py"]
