"""What a clause closes to each party: as a zone on the map, and as shares of seas and land.

The expression of a clause is construed as a set of places (`construe`, `closed`, `locus`). That
is drawn (`zoned`, by `outlines` and `waters`), or laid over pieces of sea and land (`shared`, by
`ground`, `laid` and `tiles`).
"""
