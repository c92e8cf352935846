-- The layout of Marten 9 (string identity, conjoined tenancy), so that a program on Marten finds nothing to change here.
-- IF NOT EXISTS adopts the tables that such a program made first. Names, keys and types are checked by Marten; do not tidy them.

CREATE TABLE IF NOT EXISTS public.mt_streams (
    tenant_id   varchar     NOT NULL DEFAULT '*DEFAULT*',
    id          varchar     NOT NULL,
    type        varchar     NULL,
    version     bigint      NULL,
    timestamp   timestamptz NOT NULL DEFAULT now(),
    created     timestamptz NOT NULL DEFAULT now(),
    is_archived boolean     NULL DEFAULT false,
    CONSTRAINT pkey_mt_streams_tenant_id_id PRIMARY KEY (tenant_id, id)
);

-- Every append updates its stream's row; with room on the page the update touches no index.
ALTER TABLE public.mt_streams SET (fillfactor = 80);

CREATE TABLE IF NOT EXISTS public.mt_events (
    seq_id         bigint       NOT NULL,
    id             uuid         NOT NULL,
    stream_id      varchar      NULL,
    version        bigint       NOT NULL,
    data           jsonb        NOT NULL,
    bdata          bytea        NULL,
    type           varchar(500) NOT NULL,
    timestamp      timestamptz  NOT NULL DEFAULT now(),
    tenant_id      varchar      NULL DEFAULT '*DEFAULT*',
    mt_dotnet_type varchar      NULL,
    is_archived    boolean      NULL DEFAULT false,
    CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id),
    CONSTRAINT fkey_mt_events_stream_id_tenant_id
        FOREIGN KEY (tenant_id, stream_id) REFERENCES public.mt_streams (tenant_id, id)
);

CREATE UNIQUE INDEX IF NOT EXISTS pk_mt_events_stream_and_version
    ON public.mt_events (tenant_id, stream_id, version);

CREATE UNIQUE INDEX IF NOT EXISTS idx_mt_events_event_id
    ON public.mt_events (id);

-- CACHE 1 (the default) is what HighWaterMark rests on: a session must not keep values it hands out later.
CREATE SEQUENCE IF NOT EXISTS public.mt_events_sequence AS bigint CACHE 1 OWNED BY public.mt_events.seq_id;

CREATE TABLE IF NOT EXISTS public.mt_event_progression (
    name         varchar     NOT NULL,
    last_seq_id  bigint      NULL,
    last_updated timestamptz NULL DEFAULT transaction_timestamp(),
    CONSTRAINT pk_mt_event_progression PRIMARY KEY (name)
);

CREATE TABLE IF NOT EXISTS public.mt_high_water_skips (
    ending_sequence   bigint      NOT NULL,
    starting_sequence bigint      NOT NULL,
    timestamp         timestamptz NULL DEFAULT transaction_timestamp(),
    CONSTRAINT pkey_mt_high_water_skips_ending_sequence PRIMARY KEY (ending_sequence)
);

-- A position called dead has been passed by readers, so an event that came to stand there would never be read.
-- The first test is one index probe: new positions lie above every recorded skip nearly always.
CREATE FUNCTION sla.refuse_skipped_positions() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    SET enable_seqscan = off
AS $$
DECLARE
    lowest  bigint;
    refused bigint;
BEGIN
    SELECT min(i.seq_id) INTO lowest FROM inserted i;
    PERFORM 1 FROM public.mt_high_water_skips s WHERE s.ending_sequence >= lowest LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT min(i.seq_id) INTO refused FROM inserted i
    WHERE EXISTS (SELECT 1 FROM public.mt_high_water_skips s
                  WHERE s.ending_sequence >= i.seq_id AND s.starting_sequence <= i.seq_id);
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'position % was recorded as skipped; draw a new one', refused USING ERRCODE = 'SLA01';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER refuse_skipped_positions
    AFTER INSERT ON public.mt_events
    REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION sla.refuse_skipped_positions();
