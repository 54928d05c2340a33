-- The catalogue, version 1. Times are UTC, RFC 3339 with seconds; days are yyyy-MM-dd, UTC.
CREATE TABLE customer (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- What PCs may do with their stores. space_bytes and image_limit are for each PC.
CREATE TABLE contract (
    id               INTEGER PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE COLLATE NOCASE,
    customer         INTEGER NOT NULL REFERENCES customer (id),
    first_day        TEXT NOT NULL,
    last_day         TEXT,                                  -- null: no end
    grace_days       INTEGER NOT NULL CHECK (grace_days >= 0),
    space_bytes      INTEGER CHECK (space_bytes > 0),       -- null: not limited
    image_limit      INTEGER CHECK (image_limit > 0),       -- null: not limited
    deletion         TEXT NOT NULL CHECK (deletion IN ('allowed', 'forbidden')),
    media            TEXT NOT NULL,                         -- kinds of boot media that may be made, with commas
    keep_last        INTEGER CHECK (keep_last > 0),         -- retention; all null: everything is kept
    keep_daily       INTEGER CHECK (keep_daily > 0),
    keep_weekly      INTEGER CHECK (keep_weekly > 0),
    keep_monthly     INTEGER CHECK (keep_monthly > 0),
    keep_yearly      INTEGER CHECK (keep_yearly > 0),
    minimum_age_days INTEGER NOT NULL CHECK (minimum_age_days >= 0),
    overdue_days     INTEGER CHECK (overdue_days > 0)       -- null: never overdue
) STRICT;

CREATE TABLE pc (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE COLLATE NOCASE,
    account  TEXT NOT NULL UNIQUE,                          -- the system's user, or the one of a server without root
    contract INTEGER NOT NULL REFERENCES contract (id),
    address  TEXT NOT NULL,                                 -- dhcp, or address with prefix length
    gateway  TEXT,
    settings TEXT NOT NULL,                                 -- TOML that its boot images carry besides what the server adds
    added    TEXT NOT NULL
) STRICT;

-- The network cards by which a PC is known when it boots from the network: aa:bb:cc:dd:ee:ff.
CREATE TABLE card (
    mac TEXT PRIMARY KEY,
    pc  INTEGER NOT NULL REFERENCES pc (id) ON DELETE CASCADE
) STRICT;

-- Further stores and relays that PCs may use.
CREATE TABLE storage (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind      TEXT NOT NULL CHECK (kind IN ('storage', 'relay')),
    url       TEXT NOT NULL,                                -- of a relay: user@host:port
    host_keys TEXT NOT NULL                                 -- lines as in known_hosts
) STRICT;

CREATE TABLE base (
    id       INTEGER PRIMARY KEY,
    folder   TEXT NOT NULL UNIQUE,                          -- below bases/
    version  TEXT NOT NULL,
    kernel   TEXT NOT NULL,
    made     TEXT NOT NULL,
    sha256   TEXT NOT NULL UNIQUE,                          -- of base.json
    imported TEXT NOT NULL
) STRICT;

-- What was issued. The id is the serial number of the boot image's certificate.
CREATE TABLE boot_image (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    pc          INTEGER REFERENCES pc (id) ON DELETE SET NULL,
    pc_name     TEXT NOT NULL,
    key_id      TEXT NOT NULL UNIQUE,                       -- the certificate's
    public_key  TEXT NOT NULL,
    base        INTEGER REFERENCES base (id),
    medium      TEXT NOT NULL,
    mode        TEXT NOT NULL CHECK (mode IN ('network', 'local')),
    issued      TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    sha256      TEXT NOT NULL,                              -- of the medium; empty for a tree
    revoked     TEXT
) STRICT;

-- What stands in the manifests, which stay the truth.
CREATE TABLE image (
    pc           INTEGER NOT NULL REFERENCES pc (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('unfinished', 'finished', 'damaged', 'deleted')), -- deleted: what other images need of it is still there
    reason       TEXT NOT NULL,                             -- why it is damaged; else empty
    kind         TEXT NOT NULL,
    parent       TEXT NOT NULL,
    taken        TEXT NOT NULL,                             -- as the PC says
    seen         TEXT NOT NULL,                             -- when the server first saw it finished: what retention orders by
    stored_bytes INTEGER NOT NULL,
    disk_bytes   INTEGER NOT NULL,
    manifest     TEXT NOT NULL,                             -- SHA-256 of image.json; empty without one
    stamp        TEXT NOT NULL,                             -- of image.json and its folder: equal as long as neither changed; empty: look again
    sealed       TEXT,
    verified     TEXT,
    PRIMARY KEY (pc, name)
) STRICT, WITHOUT ROWID;

-- When the folder images/ of a PC was last listed, and its stamp then.
CREATE TABLE scan (
    pc    INTEGER PRIMARY KEY REFERENCES pc (id) ON DELETE CASCADE,
    time  TEXT NOT NULL,
    stamp TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    time    TEXT NOT NULL,
    author  TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;

CREATE INDEX image_open ON image (pc) WHERE state <> 'finished' OR stamp = '';
CREATE INDEX image_by_time ON image (pc, seen);
CREATE INDEX card_by_pc ON card (pc);
CREATE INDEX boot_image_by_pc ON boot_image (pc);
CREATE INDEX event_by_subject ON event (subject);
