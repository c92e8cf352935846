-- Read models are made of the log and can be thrown away. The table carries a version, the view is what readers use.
-- Every key begins with the tenant, so that the same schema distributes by it.

CREATE TABLE IF NOT EXISTS sla.commitment_clock_v1 (
    tenant_id         varchar COLLATE "C" NOT NULL,
    stream_id         varchar COLLATE "C" NOT NULL,
    commitment        varchar COLLATE "C" NOT NULL,
    key               varchar COLLATE "C" NOT NULL,
    ordinal           integer     NOT NULL,
    item              varchar COLLATE "C",
    kind              varchar COLLATE "C",
    priority          varchar COLLATE "C",
    channel           smallint,
    window_id         varchar COLLATE "C",
    staff             varchar COLLATE "C",
    stage             text,
    case_open         boolean     NOT NULL,
    -- open, met, breached or void by the facts alone; that an open clock has fallen due is worked out by whoever reads it.
    state             varchar COLLATE "C" NOT NULL,
    -- There only after this instant, when silence has become acceptance; null: there.
    appears_at        timestamptz,
    started_at        timestamptz NOT NULL,
    stopped_at        timestamptz,
    due_at            timestamptz,
    due_soon_at       timestamptz,
    paused_at         timestamptz,
    resumes_at        timestamptz,
    settled_at        timestamptz,
    unit              varchar COLLATE "C" NOT NULL,
    total             numeric     NOT NULL,
    used              numeric,
    anomalies         integer     NOT NULL,
    catalogue_version varchar COLLATE "C" NOT NULL,
    calendar_version  varchar COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, stream_id, commitment, key, ordinal)
);

CREATE INDEX IF NOT EXISTS commitment_clock_v1_open ON sla.commitment_clock_v1 (tenant_id, commitment, due_at, stream_id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS commitment_clock_v1_started ON sla.commitment_clock_v1 (tenant_id, commitment, started_at, stream_id);
CREATE INDEX IF NOT EXISTS commitment_clock_v1_settled ON sla.commitment_clock_v1 (tenant_id, commitment, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS commitment_clock_v1_case_open ON sla.commitment_clock_v1 (tenant_id, stream_id) WHERE case_open;

CREATE OR REPLACE VIEW sla.commitment_clock AS SELECT * FROM sla.commitment_clock_v1;

-- A stream that cannot be folded; everything else goes on.
CREATE TABLE IF NOT EXISTS sla.quarantine (
    tenant_id  varchar COLLATE "C" NOT NULL,
    stream_id  varchar COLLATE "C" NOT NULL,
    position   bigint      NOT NULL,
    reason     text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, stream_id)
);

-- Streams to fold anew because the catalogue changed under them.
CREATE TABLE IF NOT EXISTS sla.dirty_stream (
    tenant_id varchar COLLATE "C" NOT NULL,
    stream_id varchar COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, stream_id)
);
