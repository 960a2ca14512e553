"""The public start page and the home of the Business Unit."""
