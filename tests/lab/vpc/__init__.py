"""A VPC made of network namespaces, and the matrix of faults that runs in it."""
