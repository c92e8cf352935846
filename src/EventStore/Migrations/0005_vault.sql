-- The keys of what is sealed in the log, one a stream, each wrapped by a key that is not in the database. A schema of their own, so that a backup
-- without keys and one of keys alone are two: pg_dump --exclude-schema=vault, pg_dump --schema=vault.
CREATE SCHEMA vault;

CREATE TABLE vault.key (
    tenant_id  varchar COLLATE "C" NOT NULL,
    stream_id  varchar COLLATE "C" NOT NULL,
    -- Which key it is wrapped by; null with it once it is erased.
    kek        varchar COLLATE "C",
    wrapped    bytea       CHECK (octet_length(wrapped) = 60),
    created_at timestamptz NOT NULL DEFAULT now(),
    erased_at  timestamptz,
    erased_by  varchar,
    PRIMARY KEY (tenant_id, stream_id),
    CHECK ((wrapped IS NULL) = (kek IS NULL)),
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (erased_by IS NULL))
);

-- What a rotation has left to do, and which keys are still needed.
CREATE INDEX key_kek ON vault.key (kek);
