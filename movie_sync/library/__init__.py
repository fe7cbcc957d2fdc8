"""What we own: films, shows, their files, where each is from, how good it is, and what is unsure.

The one area that the others may use. Importers find, `ingest` stores, enrichers tell more of what
was found, and whatever is not sure waits in the review inbox for a person.
"""
