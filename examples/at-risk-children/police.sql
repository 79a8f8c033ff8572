-- The police's records in the example: the children that officers have met, and in which incidents.
-- One schema for SQLite, PostgreSQL and MySQL/MariaDB. What officers did not learn is NULL or empty.

CREATE TABLE child (
  id INTEGER NOT NULL PRIMARY KEY,
  nhs_number VARCHAR(20),
  given_name VARCHAR(80) NOT NULL,
  surname VARCHAR(80) NOT NULL,
  birth_date DATE NOT NULL,
  postcode VARCHAR(16),
  officer VARCHAR(120) NOT NULL -- in charge, and how to reach them
);

CREATE TABLE incident (
  child_id INTEGER NOT NULL,
  occurred_on DATE NOT NULL,
  kind VARCHAR(40) NOT NULL,
  serious INTEGER NOT NULL, -- 0 or 1
  FOREIGN KEY (child_id) REFERENCES child (id)
);

CREATE INDEX incident_child_id ON incident (child_id);
