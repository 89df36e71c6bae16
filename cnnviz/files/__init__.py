"""What people own, read and written safely: pictures, kernels, tables and lesson files."""
