-- What is to be erased, or was looked at for it, so that nothing is forgotten when the program ends in the middle.
CREATE TABLE erasures (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    clock TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (interview, clock)
);

-- What was erased, deleted and handed out, beside the interviews: it outlives them.
CREATE TABLE deeds (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    interview TEXT,
    seat TEXT,
    detail TEXT NOT NULL
);
