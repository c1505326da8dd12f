# Nothing to do: the host's loader finds the libraries of the host.
