-- What an interview consists of: its events, and how many there are.
CREATE TABLE interviews (
    id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE events (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    command TEXT,
    json TEXT NOT NULL,
    PRIMARY KEY (interview, seq)
);

-- Written in the transaction of the events that say the same: where a code or an account leads.
CREATE TABLE invitations (
    code TEXT NOT NULL PRIMARY KEY,
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL
);
CREATE INDEX invitations_by_seat ON invitations (interview, seat);

CREATE TABLE staff_seats (
    account TEXT NOT NULL,
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    PRIMARY KEY (interview, seat)
);
CREATE INDEX staff_seats_by_account ON staff_seats (account);

CREATE TABLE accounts (
    account TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- A session is known by the SHA-256 of its token alone.
CREATE TABLE sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (account) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);

-- At most one row: the SHA-256 of the code that makes the first administrator.
CREATE TABLE first_code (
    only_one BIGINT NOT NULL PRIMARY KEY CHECK (only_one = 1),
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    json TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE photos (
    interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seat TEXT NOT NULL,
    at BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (interview, seat)
);

CREATE TABLE outbox (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    interview TEXT,
    seat TEXT,
    at BIGINT NOT NULL,
    phone TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    urgent BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    taken_at BIGINT,
    sent_at BIGINT,
    error TEXT,
    provider_id TEXT
);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_by_phone ON outbox (phone, taken_at);
CREATE INDEX outbox_by_time ON outbox (taken_at);
CREATE INDEX outbox_by_seat ON outbox (interview, seat);
