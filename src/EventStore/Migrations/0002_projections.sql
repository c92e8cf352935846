-- What the projections keep that is not made of the log, and where their read models stand.

-- The first program's read models, which were not yet kept by generation; they are made anew of the log.
DROP VIEW IF EXISTS sla.commitment_clock;
DROP TABLE IF EXISTS sla.commitment_clock_v1;
DROP TABLE IF EXISTS sla.quarantine;
DROP TABLE IF EXISTS sla.dirty_stream;
DELETE FROM public.mt_event_progression WHERE name = 'sla:commitment_clock:1';

-- A generation is one whole set of read-model tables, named by its number; readers see the active one through views.
CREATE TABLE sla.generation (
    number     integer     PRIMARY KEY,
    -- The version of the logic that fills it.
    version    integer     NOT NULL,
    state      varchar     NOT NULL CHECK (state IN ('building', 'active', 'retired')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX generation_active ON sla.generation (state) WHERE state = 'active';

-- While a source is being imported its clocks tell nothing: the event that stops one may be further down in the file.
-- A hold that is not renewed lapses, so that an import that was killed does not silence on-call for ever.
CREATE TABLE sla.source_hold (
    tenant_id  varchar COLLATE "C" NOT NULL,
    source     varchar COLLATE "C" NOT NULL,
    holder     uuid        NOT NULL,
    renewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When the import had ended; the timers go on once what was recorded by then is projected.
    released_at timestamptz,
    PRIMARY KEY (tenant_id, source, holder)
);

-- Where the log was settled when: what "as of" a time means, because recorded times are not monotone in position.
CREATE TABLE sla.settled_position (
    at       timestamptz PRIMARY KEY,
    position bigint      NOT NULL
);
