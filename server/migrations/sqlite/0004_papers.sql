-- Papers of candidates; encrypted. What each is stands in the events.
CREATE TABLE papers (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (interview, seat, number)
) STRICT;
