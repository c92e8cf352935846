-- The keys of a generation's large tables; made after a rebuild has filled the tables.

ALTER TABLE sla.commitment_clock_{n} ADD PRIMARY KEY (tenant_id, stream_id, commitment, key, ordinal);
-- What has no due comes last: lists go by it, and so does the sweep of a catalogue. The columns behind are what metrics count open clocks by, so that
-- the table is not read for it.
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, commitment, coalesce(due_at, 'infinity'), stream_id, key, ordinal)
    INCLUDE (item, case_open, state, appears_at, due_at, due_soon_at, due_on, paused_at, resumes_at, escalates_at) WHERE state = 'open';
-- Open cases without an open clock; the others are found by their clocks.
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, stream_id) INCLUDE (item, state, case_open) WHERE case_open AND state <> 'open';
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, commitment, started_at, stream_id);
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, commitment, settled_on) WHERE settled_on IS NOT NULL;
-- The condition says the same in other words, so that no plan takes this index for the one above.
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, commitment, due_on) WHERE state IN ('met', 'breached');
CREATE INDEX ON sla.commitment_clock_{n} (tenant_id, anomalies) WHERE anomalies > 0;
CREATE INDEX ON sla.commitment_clock_{n} (next_notice_at) WHERE next_notice_at IS NOT NULL;
ALTER TABLE sla.anomaly_{n} ADD PRIMARY KEY (tenant_id, stream_id, kind, events, commitment, key, ordinal);
CREATE INDEX ON sla.anomaly_{n} (tenant_id, kind, stream_id, events, commitment, key, ordinal);
ALTER TABLE sla.restatement_{n} ADD PRIMARY KEY (tenant_id, stream_id, position, commitment, key, ordinal);
CREATE INDEX ON sla.restatement_{n} (tenant_id, position, stream_id, commitment, key, ordinal);
-- The last column is for the sums by month and item.
CREATE INDEX ON sla.compliance_daily_{n} (tenant_id, commitment, day, coalesce(item, ''));
ALTER TABLE sla.compliance_monthly_{n} ADD PRIMARY KEY (tenant_id, commitment, item, month);
ALTER TABLE sla.compliance_total_{n} ADD PRIMARY KEY (tenant_id, commitment, item);
ALTER TABLE sla.outage_{n} ADD PRIMARY KEY (tenant_id, stream_id, ordinal);
CREATE INDEX ON sla.outage_{n} (tenant_id, started_at, stream_id, ordinal);
CREATE INDEX ON sla.outage_{n} (tenant_id, service, started_at, stream_id, ordinal);
CREATE INDEX ON sla.outage_{n} (tenant_id, service) INCLUDE (priority, lost) WHERE ended_at IS NULL AND NOT is_void;
ALTER TABLE sla.service_span_{n} ADD PRIMARY KEY (tenant_id, stream_id, ordinal);
-- What overlaps a period ended after its begin.
CREATE INDEX ON sla.service_span_{n} (tenant_id, service, coalesce(until_at, 'infinity'), from_at);
ALTER TABLE sla.exclusion_{n} ADD PRIMARY KEY (tenant_id, stream_id, id);
CREATE INDEX ON sla.exclusion_{n} (tenant_id, service, until_at);
ALTER TABLE sla.maintenance_{n} ADD PRIMARY KEY (tenant_id, stream_id);
CREATE INDEX ON sla.maintenance_{n} (tenant_id, service, until_at);
ALTER TABLE sla.complaint_{n} ADD PRIMARY KEY (tenant_id, stream_id);
-- Lists go by registration; one of which nothing but later facts is known comes last.
CREATE INDEX ON sla.complaint_{n} (tenant_id, coalesce(registered_at, 'epoch'), stream_id);
CREATE INDEX ON sla.complaint_{n} (tenant_id, coalesce(registered_at, 'epoch'), stream_id) INCLUDE (category) WHERE closed_at IS NULL;
CREATE INDEX ON sla.complaint_{n} (tenant_id, case_number) WHERE case_number IS NOT NULL;
-- Of whom there are lists; and the last two that were decided, of each of the staff.
CREATE INDEX ON sla.complaint_{n} (tenant_id, staff, coalesce(registered_at, 'epoch'), stream_id) WHERE staff IS NOT NULL;
CREATE INDEX ON sla.complaint_{n} (tenant_id, window_id, coalesce(registered_at, 'epoch'), stream_id) WHERE window_id IS NOT NULL;
ALTER TABLE sla.case_rating_{n} ADD PRIMARY KEY (tenant_id, stream_id);
CREATE INDEX ON sla.case_rating_{n} (tenant_id, finished_on);
CREATE INDEX ON sla.case_rating_{n} (tenant_id, rated_at, stream_id) WHERE rated_at IS NOT NULL;
CREATE INDEX ON sla.case_rating_{n} (tenant_id, rated_at, stream_id) WHERE score >= 4 AND NOT defaulted;
ALTER TABLE sla.satisfaction_daily_{n} ADD PRIMARY KEY (tenant_id, day);
ALTER TABLE sla.availability_daily_{n} ADD PRIMARY KEY (tenant_id, service, day);
ALTER TABLE sla.interruption_{n} ADD PRIMARY KEY (tenant_id, service, started_at);
ALTER TABLE sla.source_day_{n} ADD PRIMARY KEY (tenant_id, source, day);
-- Who was heard of lately, however many sources there ever were.
CREATE INDEX ON sla.source_day_{n} (tenant_id, last_recorded_at) INCLUDE (source);
