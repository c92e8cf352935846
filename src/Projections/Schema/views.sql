-- What readers use. A later version may add columns at the end and takes none away.

CREATE OR REPLACE VIEW sla.commitment_clock AS SELECT * FROM sla.commitment_clock_{n};
CREATE OR REPLACE VIEW sla.compliance_daily AS SELECT * FROM sla.compliance_daily_{n};
CREATE OR REPLACE VIEW sla.compliance_monthly AS SELECT * FROM sla.compliance_monthly_{n};
CREATE OR REPLACE VIEW sla.compliance_total AS SELECT * FROM sla.compliance_total_{n};
CREATE OR REPLACE VIEW sla.anomaly AS SELECT * FROM sla.anomaly_{n};
CREATE OR REPLACE VIEW sla.restatement AS SELECT * FROM sla.restatement_{n};
CREATE OR REPLACE VIEW sla.outage AS SELECT * FROM sla.outage_{n};
CREATE OR REPLACE VIEW sla.service_span AS SELECT * FROM sla.service_span_{n};
CREATE OR REPLACE VIEW sla.exclusion AS SELECT * FROM sla.exclusion_{n};
CREATE OR REPLACE VIEW sla.maintenance AS SELECT * FROM sla.maintenance_{n};
CREATE OR REPLACE VIEW sla.complaint AS SELECT * FROM sla.complaint_{n};
CREATE OR REPLACE VIEW sla.case_rating AS SELECT * FROM sla.case_rating_{n};
CREATE OR REPLACE VIEW sla.satisfaction_daily AS SELECT * FROM sla.satisfaction_daily_{n};
CREATE OR REPLACE VIEW sla.availability_daily AS SELECT * FROM sla.availability_daily_{n};
CREATE OR REPLACE VIEW sla.interruption AS SELECT * FROM sla.interruption_{n};
CREATE OR REPLACE VIEW sla.source_day AS SELECT * FROM sla.source_day_{n};
CREATE OR REPLACE VIEW sla.availability_sweep AS SELECT * FROM sla.availability_sweep_{n};
CREATE OR REPLACE VIEW sla.clock_notice AS SELECT * FROM sla.clock_notice_{n};
CREATE OR REPLACE VIEW sla.quarantine AS SELECT * FROM sla.quarantine_{n};
CREATE OR REPLACE VIEW sla.catalogue_sweep AS SELECT * FROM sla.catalogue_sweep_{n};
