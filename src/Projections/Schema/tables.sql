-- The read models of one generation, whose number stands for {n}. They are made of the log and can be thrown away.
-- Every key begins with the tenant, so that the same schema distributes by it. Rows are updated in place while there is room
-- on their page, which touches no index.

CREATE TABLE sla.commitment_clock_{n} (
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
    -- Who sent the event that started it.
    source            varchar COLLATE "C" NOT NULL,
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
    -- Local dates in the centre's zone; of due, that of the last tick before it, which is when a breach settles.
    settled_on        date,
    due_on            date,
    unit              varchar COLLATE "C" NOT NULL,
    total             numeric     NOT NULL,
    used              numeric,
    anomalies         integer     NOT NULL,
    catalogue_version varchar COLLATE "C" NOT NULL,
    calendar_version  varchar COLLATE "C" NOT NULL,
    -- The due-time index: when a notice about it is owed next, unless facts change.
    next_notice_at    timestamptz,
    -- Of the case: something was asked for later; it was reopened. Of the clock: an extension counted.
    supplemented      boolean     NOT NULL DEFAULT false,
    reworked          boolean     NOT NULL DEFAULT false,
    extended          boolean     NOT NULL DEFAULT false,
    -- When the first level after due begins to hold; null: it has ended, or there is no due or no such level.
    escalates_at      timestamptz
) WITH (fillfactor = 75);

-- What settled by the facts, and of it what was due, by day; recomputed whole for the days a page touches.
CREATE TABLE sla.compliance_daily_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    commitment varchar COLLATE "C" NOT NULL,
    day        date        NOT NULL,
    item       varchar COLLATE "C",
    window_id  varchar COLLATE "C",
    staff      varchar COLLATE "C",
    met        bigint      NOT NULL,
    breached   bigint      NOT NULL,
    due        bigint      NOT NULL,
    on_time    bigint      NOT NULL
);

-- What settled by the facts, by item and month, and since ever: what metrics are made of, however old the log. An empty item: the case has none.
CREATE TABLE sla.compliance_monthly_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    commitment varchar COLLATE "C" NOT NULL,
    item       varchar COLLATE "C" NOT NULL,
    month      date        NOT NULL,
    met        bigint      NOT NULL,
    breached   bigint      NOT NULL
) WITH (fillfactor = 75);

CREATE TABLE sla.compliance_total_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    commitment varchar COLLATE "C" NOT NULL,
    item       varchar COLLATE "C" NOT NULL,
    met        bigint      NOT NULL,
    breached   bigint      NOT NULL
) WITH (fillfactor = 75);

-- Facts of a case that contradict each other, with the events that prove it.
CREATE TABLE sla.anomaly_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    stream_id  varchar COLLATE "C" NOT NULL,
    kind       varchar COLLATE "C" NOT NULL,
    -- Ids, with a blank between.
    events     varchar COLLATE "C" NOT NULL,
    -- Empty, and 0: it is about the case and not about one of its clocks.
    commitment varchar COLLATE "C" NOT NULL,
    key        varchar COLLATE "C" NOT NULL,
    ordinal    integer NOT NULL
);

-- Settled verdicts that were changed by a late event or a recalculation.
CREATE TABLE sla.restatement_{n} (
    tenant_id      varchar COLLATE "C" NOT NULL,
    stream_id      varchar COLLATE "C" NOT NULL,
    -- Of the cause.
    position       bigint      NOT NULL,
    commitment     varchar COLLATE "C" NOT NULL,
    key            varchar COLLATE "C" NOT NULL,
    ordinal        integer     NOT NULL,
    old_state      varchar COLLATE "C" NOT NULL,
    old_settled_at timestamptz,
    old_settled_on date,
    -- Null: open again, or gone.
    new_state      varchar COLLATE "C",
    new_settled_at timestamptz,
    new_settled_on date,
    cause          uuid        NOT NULL,
    cause_type     varchar COLLATE "C" NOT NULL,
    recorded_at    timestamptz NOT NULL
);

-- Outages, each start of a stream one of its own.
CREATE TABLE sla.outage_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    stream_id  varchar COLLATE "C" NOT NULL,
    ordinal    integer     NOT NULL,
    service    varchar COLLATE "C" NOT NULL,
    component  varchar COLLATE "C",
    cause      text,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    -- It was none.
    is_void    boolean     NOT NULL,
    -- Billionths of the service: as it is or last was, and the most it ever was.
    lost       integer     NOT NULL,
    most       integer     NOT NULL,
    urgency    varchar COLLATE "C",
    impact     varchar COLLATE "C",
    -- The highest it had.
    priority   varchar COLLATE "C",
    source     varchar COLLATE "C" NOT NULL
);

-- What availability of a service is counted from: stretches of outages, approved exclusions, and when somebody watched.
CREATE TABLE sla.service_span_{n} (
    tenant_id varchar COLLATE "C" NOT NULL,
    stream_id varchar COLLATE "C" NOT NULL,
    ordinal   integer     NOT NULL,
    service   varchar COLLATE "C" NOT NULL,
    -- outage, exclusion or watch.
    kind      varchar COLLATE "C" NOT NULL,
    name      varchar COLLATE "C" NOT NULL,
    from_at   timestamptz NOT NULL,
    until_at  timestamptz,
    lost      integer     NOT NULL,
    -- Of an outage its priority, of an exclusion its kind.
    reason    varchar COLLATE "C"
);

CREATE TABLE sla.exclusion_{n} (
    tenant_id   varchar COLLATE "C" NOT NULL,
    stream_id   varchar COLLATE "C" NOT NULL,
    id          varchar COLLATE "C" NOT NULL,
    service     varchar COLLATE "C" NOT NULL,
    kind        varchar COLLATE "C" NOT NULL,
    from_at     timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    evidence    text        NOT NULL,
    proposed_by text        NOT NULL,
    proposed_at timestamptz NOT NULL,
    state       varchar COLLATE "C" NOT NULL,
    decided_by  text,
    decided_at  timestamptz,
    reason      text
);

CREATE TABLE sla.maintenance_{n} (
    tenant_id    varchar COLLATE "C" NOT NULL,
    stream_id    varchar COLLATE "C" NOT NULL,
    service      varchar COLLATE "C" NOT NULL,
    from_at      timestamptz NOT NULL,
    until_at     timestamptz NOT NULL,
    notice_at    timestamptz NOT NULL,
    moves        integer     NOT NULL,
    cancelled_at timestamptz
);

-- Complaints. Who complained, and whatever anybody wrote about it, is not here.
CREATE TABLE sla.complaint_{n} (
    tenant_id           varchar COLLATE "C" NOT NULL,
    stream_id           varchar COLLATE "C" NOT NULL,
    channel             varchar COLLATE "C",
    category            varchar COLLATE "C",
    case_number         varchar COLLATE "C",
    -- Who is responsible, or else is complained of.
    window_id           varchar COLLATE "C",
    staff               varchar COLLATE "C",
    registered_at       timestamptz,
    transferred_at      timestamptz,
    transferred_to      varchar COLLATE "C",
    responded_at        timestamptz,
    copied              boolean,
    fed_back_at         timestamptz,
    review_requested_at timestamptz,
    reviewed_at         timestamptz,
    -- substantiated or unsubstantiated, as long as it was not reversed.
    finding             varchar COLLATE "C",
    found_at            timestamptz,
    reversals           integer     NOT NULL,
    closed_at           timestamptz,
    revisited_at        timestamptz,
    satisfied           boolean
);

-- Cases that are finished, rated or both.
CREATE TABLE sla.case_rating_{n} (
    tenant_id   varchar COLLATE "C" NOT NULL,
    stream_id   varchar COLLATE "C" NOT NULL,
    item        varchar COLLATE "C",
    window_id   varchar COLLATE "C",
    staff       varchar COLLATE "C",
    -- Decided or closed, whichever came first; and the day in the centre's zone.
    finished_at timestamptz,
    finished_on date,
    -- Of the rating that counts, 1 best to 5 worst; null of a case that was rated: it was voided.
    score       smallint,
    channel     smallint,
    -- Nobody answered.
    defaulted   boolean     NOT NULL,
    rated_at    timestamptz,
    given       integer     NOT NULL,
    voided      integer     NOT NULL
);

-- Of the cases finished on a day how many were rated, and how; by score only what was given and counts.
CREATE TABLE sla.satisfaction_daily_{n} (
    tenant_id varchar COLLATE "C" NOT NULL,
    day       date   NOT NULL,
    finished  bigint NOT NULL,
    given     bigint NOT NULL,
    defaulted bigint NOT NULL,
    voided    bigint NOT NULL,
    score1    bigint NOT NULL,
    score2    bigint NOT NULL,
    score3    bigint NOT NULL,
    score4    bigint NOT NULL,
    score5    bigint NOT NULL
);

-- Days, in the centre's zone, that something with a begin and an end touches, each as it is once it is over. A day without a row is one of service hours in which at most
-- something lasted that has no begin or no end; that is worked out at reading.
CREATE TABLE sla.availability_daily_{n} (
    tenant_id      varchar COLLATE "C" NOT NULL,
    service        varchar COLLATE "C" NOT NULL,
    day            date    NOT NULL,
    -- Microseconds, and those lost times billionths.
    hours          bigint  NOT NULL,
    agreed         bigint  NOT NULL,
    downtime       numeric NOT NULL,
    gross_agreed   bigint  NOT NULL,
    gross_downtime numeric NOT NULL,
    left_out       bigint  NOT NULL,
    unobserved     bigint  NOT NULL
);

-- Agreed time in which a service was lost, however many outages took part.
CREATE TABLE sla.interruption_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    service    varchar COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    -- Microseconds of service time until it was restored; null: it is not.
    restore    bigint,
    -- The highest priority in it, and when by its limit it was to be restored.
    priority   varchar COLLATE "C",
    due_at     timestamptz,
    -- Names of outages, with a blank between.
    outages    text        NOT NULL
);

-- On which days, in UTC, something of a source was recorded, and when last on each.
CREATE TABLE sla.source_day_{n} (
    tenant_id        varchar COLLATE "C" NOT NULL,
    source           varchar COLLATE "C" NOT NULL,
    day              date        NOT NULL,
    last_recorded_at timestamptz NOT NULL
) WITH (fillfactor = 75);

-- Services to be counted anew from all that is known: their centre published a version.
CREATE TABLE sla.availability_sweep_{n} (
    tenant_id varchar COLLATE "C" NOT NULL,
    service   varchar COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, service)
);

-- What has been told about a clock; outlives the clock's row, so that a breach told of a clock that is gone is retracted.
CREATE TABLE sla.clock_notice_{n} (
    tenant_id     varchar COLLATE "C" NOT NULL,
    stream_id     varchar COLLATE "C" NOT NULL,
    commitment    varchar COLLATE "C" NOT NULL,
    key           varchar COLLATE "C" NOT NULL,
    ordinal       integer     NOT NULL,
    told          integer     NOT NULL,
    breach_stands boolean     NOT NULL,
    -- When each level before or after due was last told: an object of instants by level.
    levels        jsonb       NOT NULL,
    -- A breach was told that is none any more.
    retract       boolean     NOT NULL,
    PRIMARY KEY (tenant_id, stream_id, commitment, key, ordinal)
) WITH (fillfactor = 75);

CREATE INDEX ON sla.clock_notice_{n} (tenant_id) WHERE retract;

-- A stream that cannot be folded; everything else goes on.
CREATE TABLE sla.quarantine_{n} (
    tenant_id  varchar COLLATE "C" NOT NULL,
    stream_id  varchar COLLATE "C" NOT NULL,
    position   bigint      NOT NULL,
    reason     text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    -- Asked to be tried again.
    retry      boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, stream_id)
);

CREATE INDEX ON sla.quarantine_{n} (tenant_id) WHERE retry;

-- A catalogue version was published: the open clocks of its centre are folded anew, in the order of their dues; one whose due
-- has moved meanwhile was folded anew by what moved it.
CREATE TABLE sla.catalogue_sweep_{n} (
    tenant_id   varchar COLLATE "C" NOT NULL,
    position    bigint  NOT NULL,
    -- The first version of a centre concerns what came before it, too, which has no clocks yet.
    every       boolean NOT NULL,
    -- The cursor: the last clock taken, or the last stream when every one is.
    commitment  varchar COLLATE "C" NOT NULL,
    due_at      timestamptz NOT NULL,
    last_stream varchar COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id)
);
