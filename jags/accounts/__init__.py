"""Know people and agencies, their roles and permissions, sign-in, sessions and purpose-bound links."""
