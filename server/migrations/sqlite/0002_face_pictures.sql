-- What the camera showed when a face check ended; encrypted.
CREATE TABLE face_pictures (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (interview, seat, number)
) STRICT;
CREATE INDEX face_pictures_by_time ON face_pictures (at);
