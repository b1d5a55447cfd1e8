-- What the camera showed when a face check ended; encrypted.
CREATE TABLE face_pictures (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (interview, seat, number)
);
CREATE INDEX face_pictures_by_time ON face_pictures (at);
