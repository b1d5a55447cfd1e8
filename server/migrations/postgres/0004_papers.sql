-- Papers of candidates; encrypted. What each is stands in the events.
CREATE TABLE papers (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (interview, seat, number)
);
