"""Keeps NumPy quiet where infinity and NaN are answers, as in PyTorch."""

import numpy as np


def quiet() -> np.errstate:
    """No warnings about overflow, infinity less infinity, NaN and division by zero, as long as the context lasts."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")
