-- What an interview consists of: its events, and how many there are.
CREATE TABLE interviews (
    id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    command TEXT,
    json TEXT NOT NULL,
    PRIMARY KEY (interview, seq)
) STRICT, WITHOUT ROWID;

-- Written in the transaction of the events that say the same: where a code or an account leads.
CREATE TABLE invitations (
    code TEXT NOT NULL PRIMARY KEY,
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL
) STRICT;
CREATE INDEX invitations_by_seat ON invitations (interview, seat);

CREATE TABLE staff_seats (
    account TEXT NOT NULL,
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    PRIMARY KEY (interview, seat)
) STRICT;
CREATE INDEX staff_seats_by_account ON staff_seats (account);

CREATE TABLE accounts (
    account TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- A session is known by the SHA-256 of its token alone.
CREATE TABLE sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (account) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account);

-- At most one row: the SHA-256 of the code that makes the first administrator.
CREATE TABLE first_code (
    only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    digest TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    json TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE photos (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    at INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (interview, seat)
) STRICT;

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    interview TEXT,
    seat TEXT,
    at INTEGER NOT NULL,
    phone TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    urgent INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    taken_at INTEGER,
    sent_at INTEGER,
    error TEXT,
    provider_id TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_by_phone ON outbox (phone, taken_at);
CREATE INDEX outbox_by_time ON outbox (taken_at);
CREATE INDEX outbox_by_seat ON outbox (interview, seat);
