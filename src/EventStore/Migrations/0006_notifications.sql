-- The outbox of direct notifications: one row a notice and target, filled in the transaction that moves the target's checkpoint. What is sent is made of the notice
-- in the log and of the newest names; neither an address nor a secret is kept here.
CREATE TABLE sla.notification (
    tenant_id       varchar COLLATE "C" NOT NULL,
    -- UUIDv5 of the notice's event id and the target: what receivers know it by, however often it is sent.
    id              uuid        NOT NULL,
    target          varchar COLLATE "C" NOT NULL,
    event_id        uuid        NOT NULL,
    position        bigint      NOT NULL,
    notice          varchar COLLATE "C" NOT NULL,
    -- The stream of the clock's notices, which are sent in order; and what the clock runs on, as it stood when this was filled.
    clock           varchar COLLATE "C" NOT NULL,
    stream_id       varchar COLLATE "C" NOT NULL,
    commitment      varchar COLLATE "C" NOT NULL,
    item            varchar COLLATE "C",
    window_id       varchar COLLATE "C",
    state           varchar COLLATE "C" NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead', 'dismissed')),
    -- Begun, in all and since it was last ordered anew.
    attempts        integer     NOT NULL DEFAULT 0,
    round_attempts  integer     NOT NULL DEFAULT 0,
    -- While an attempt is made: when another host may take it over.
    next_attempt_at timestamptz DEFAULT clock_timestamp(),
    lease           uuid,
    last_attempt_at timestamptz,
    -- A status, or a kind of failure; never what the receiver wrote.
    last_error      varchar,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Giving up counts from here.
    tried_since     timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at    timestamptz,
    -- Who had it sent again, or dismissed it when it was dead.
    decided_by      varchar,
    decided_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);

-- What is due, what has to go before it, what lists show, what is dead, and what is old enough to go.
CREATE INDEX notification_due ON sla.notification (target, next_attempt_at) WHERE state = 'pending';
CREATE INDEX notification_order ON sla.notification (target, tenant_id, clock, position) WHERE state = 'pending';
CREATE INDEX notification_list ON sla.notification (tenant_id, created_at DESC, id DESC);
CREATE INDEX notification_dead ON sla.notification (tenant_id, created_at DESC, id DESC) INCLUDE (target) WHERE state = 'dead';
CREATE INDEX notification_old ON sla.notification (created_at) WHERE state <> 'pending';
