"""cnnviz shows, step by step, how a convolutional neural network computes."""

__version__ = "0.1.0"
