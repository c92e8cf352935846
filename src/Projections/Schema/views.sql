-- What readers use. A later version may add columns at the end and takes none away.

CREATE OR REPLACE VIEW sla.commitment_clock AS SELECT * FROM sla.commitment_clock_{n};
CREATE OR REPLACE VIEW sla.compliance_daily AS SELECT * FROM sla.compliance_daily_{n};
CREATE OR REPLACE VIEW sla.compliance_monthly AS SELECT * FROM sla.compliance_monthly_{n};
CREATE OR REPLACE VIEW sla.compliance_total AS SELECT * FROM sla.compliance_total_{n};
CREATE OR REPLACE VIEW sla.anomaly AS SELECT * FROM sla.anomaly_{n};
CREATE OR REPLACE VIEW sla.restatement AS SELECT * FROM sla.restatement_{n};
CREATE OR REPLACE VIEW sla.clock_notice AS SELECT * FROM sla.clock_notice_{n};
CREATE OR REPLACE VIEW sla.quarantine AS SELECT * FROM sla.quarantine_{n};
CREATE OR REPLACE VIEW sla.catalogue_sweep AS SELECT * FROM sla.catalogue_sweep_{n};
