-- The plan of a made-up history, for whoever goes on with it. Events of anybody could look like it; only the program that made it writes here.
CREATE TABLE sla.made_up_hall (
    tenant_id varchar COLLATE "C" PRIMARY KEY,
    seed      bigint  NOT NULL,
    cases     integer NOT NULL,
    first_day date    NOT NULL
);
