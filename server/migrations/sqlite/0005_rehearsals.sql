-- Rehearsals: which interview is one of which, and what is left of it. The report names nobody but by a seat.
CREATE TABLE rehearsals (
    rehearsal TEXT NOT NULL PRIMARY KEY,
    interview TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    report TEXT
) STRICT;
CREATE INDEX rehearsals_by_interview ON rehearsals (interview);
CREATE UNIQUE INDEX rehearsals_open ON rehearsals (interview) WHERE ended_at IS NULL;
