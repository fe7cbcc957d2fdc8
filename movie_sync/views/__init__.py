"""What a person may see, as plain data: the same for pages, for the API and for commands."""
