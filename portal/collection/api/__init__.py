"""The third door: other programs read and send the same data by JSON, under /api/v1/.

Whoever sends `Authorization: Bearer <access token>` is the token's user, with that user's role and
area; a session cookie opens nothing here. What a user may not see is 404, what cannot be read is
400, what the rules refuse is 422 with every finding at its unit, group and column.
"""
