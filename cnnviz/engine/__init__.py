"""Arrays in, arrays out: the operations of a convolutional network, in the names of torch.nn.functional."""
