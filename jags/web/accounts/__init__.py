"""Pages of sign-in, invitations and purpose-bound links."""
