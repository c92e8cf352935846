-- Who may ask and tell over HTTP. A token spans centres, so its key does not begin with one.
CREATE TABLE sla.access_token (
    id          varchar COLLATE "C" PRIMARY KEY,
    name        varchar     NOT NULL,
    -- SHA-256 of the secret, which is 32 random bytes: there is nothing to guess that a slow hash would have to protect.
    secret_hash bytea       NOT NULL CHECK (octet_length(secret_hash) = 32),
    roles       text[]      NOT NULL CHECK (cardinality(roles) > 0),
    -- Null: all of them, those to come included.
    centres     text[]      CHECK (cardinality(centres) > 0),
    -- Under which sources it may send events; null: any.
    sources     text[]      CHECK (cardinality(sources) > 0),
    created_at  timestamptz NOT NULL,
    created_by  varchar     NOT NULL,
    -- Null: never.
    expires_at  timestamptz,
    revoked_at  timestamptz,
    revoked_by  varchar,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
