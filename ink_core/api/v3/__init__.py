"""INK's newer interface (`/api/v3`): bearer tokens only, plain JSON, real status codes; over the same services."""
